# Shoal with everything that its commands need: one image, a container for each command.
FROM python:3.11-slim-bookworm

RUN useradd --system --user-group --uid 10001 --home-dir /var/lib/shoal --no-create-home shoal \
 && install --directory --owner=shoal --group=shoal /var/lib/shoal /var/lib/shoal/history \
 && python -m venv /opt/shoal
ENV PATH=/opt/shoal/bin:$PATH \
    NUMBA_CACHE_DIR=/var/lib/shoal/compiled \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1

# What Shoal stands on, before its own code: a change of the code doesn't fetch it again.
WORKDIR /usr/src/shoal
COPY pyproject.toml constraints.txt ./
RUN touch README.md LICENSE \
 && pip install --constraint constraints.txt ".[api,dashboard,river,sql,tune]" \
 && pip uninstall --yes shoal

COPY . .
RUN pip install --no-deps . && rm -rf build

# Compiled here, so that no container spends its first minute on it. On a processor of another
# kind it is compiled once more, where it first runs.
USER shoal
WORKDIR /var/lib/shoal
RUN python -P -m app.compiling

ENTRYPOINT ["shoal"]
CMD ["--help"]
