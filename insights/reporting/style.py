"""How a report looks: plain, on paper too, and on a phone."""

STYLE = """\
:root{color-scheme:light dark;--ink:#1c2128;--soft:#59636e;--line:#d9dee3;--card:#f6f8fa;
--page:#fff;--good:#2e9a5b;--look:#d9662b}
@media (prefers-color-scheme:dark){:root{--ink:#e6e9ec;--soft:#a3adb8;--line:#3a424b;
--card:#1b2027;--page:#12161b}}
*{box-sizing:border-box}
body{font:16px/1.55 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;color:var(--ink);
background:var(--page);margin:0 auto;max-width:1080px;padding:2rem 1.25rem 3rem}
h1{font-size:1.9rem;line-height:1.2;margin:0 0 .3rem}
h2{font-size:1.4rem;margin:2.6rem 0 .6rem;padding-top:.8rem;border-top:1px solid var(--line)}
h3{font-size:1.1rem;margin:1.8rem 0 .5rem}
p{margin:.4rem 0 .8rem;max-width:46rem}
ul{padding-left:1.2rem;max-width:46rem}
.note,.id{color:var(--soft);font-size:.875rem}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(165px,1fr));gap:.8rem;
margin:1.4rem 0}
.fact{background:var(--card);border-radius:8px;padding:.75rem 1rem}
.fact b{display:block;font-size:1.45rem;line-height:1.25}
.fact span{color:var(--soft);font-size:.875rem;display:block;line-height:1.35}
.verdict{border-left:4px solid var(--good);padding:.2rem 0 .2rem .9rem}
.verdict.look{border-color:var(--look)}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,320px),1fr));gap:1rem;
margin:1rem 0;align-items:start}
.card{background:var(--card);border-radius:8px;padding:1rem 1.1rem;border-top:4px solid var(--line);
break-inside:avoid}
.card h4{font-size:1.1rem;margin:0}
.fact small{display:block;font-size:.8rem;line-height:1.35;margin-top:.2rem}
.card .size{font-size:.95rem;margin:.15rem 0 .5rem}
.card p{font-size:.95rem}
.card dl{display:grid;grid-template-columns:1fr auto;gap:.1rem .8rem;margin:.5rem 0;
font-size:.94rem}
.card dt{color:var(--soft)}
.card dd{margin:0;text-align:right;font-variant-numeric:tabular-nums}
.card figure{margin:.8rem 0 0}
.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,320px),1fr));
gap:.4rem 1rem;align-items:start}
.charts figure{margin:.6rem 0}
.charts figure svg{max-width:100%!important}
.plays td,.plays th{text-align:left;white-space:normal}
svg{display:block}
.parts{display:flex;height:26px;border-radius:6px;overflow:hidden;margin:.8rem 0 1rem;gap:2px;
print-color-adjust:exact;-webkit-print-color-adjust:exact}
.parts i{display:block;min-width:3px}
.dot{display:inline-block;width:.7em;height:.7em;border-radius:2px;margin-right:.5em;
print-color-adjust:exact;-webkit-print-color-adjust:exact}
.wide{overflow-x:auto;margin:.6rem 0 1.2rem;max-width:100%}
table{border-collapse:collapse;font-size:.94rem;min-width:100%}
th,td{padding:.42rem .7rem;border-bottom:1px solid var(--line);text-align:right;
font-variant-numeric:tabular-nums;white-space:nowrap}
th:first-child{text-align:left;font-weight:600;padding-left:0;white-space:normal;min-width:7rem}
figure svg{max-width:none!important}
.card figure svg{max-width:100%!important}
thead th{color:var(--soft);font-weight:500;font-size:.875rem;vertical-align:bottom}
details{margin:.8rem 0}
summary{cursor:pointer;font-weight:600}
footer{margin-top:3rem;border-top:1px solid var(--line);color:var(--soft);font-size:.875rem}
@media (max-width:480px){body{padding:1.25rem 1rem 2rem}h1{font-size:1.5rem}
th,td{padding:.4rem .45rem}}
@page{size:A4;margin:14mm}
@media print{figure svg{max-width:100%!important}
:root{--card:#fff}body{padding:0;max-width:none}
h1{font-size:1.5rem}
.card,.fact{border:1px solid #ccc}
figure,tr,.verdict,.fact{break-inside:avoid}h2,h3{break-after:avoid}
details::details-content{content-visibility:visible;block-size:auto}}
"""
