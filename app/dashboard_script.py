"""What Streamlit's server runs for every visit. Not beside `dashboard/pages`, each file of which it
would take for a script of its own."""

from app.dashboard.main import main

main()
