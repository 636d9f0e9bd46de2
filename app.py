"""The server. `streamlit run app.py` starts everything; `make run` prepares the database first."""

import streamlit as st
from starlette.middleware import Middleware

from pages.web.availability import OutageAnswer
from pages.web.gate import Gate
from pages.web.lifespan import lifespan
from pages.web.routes import routes

app = st.App(
    "pages/portal.py",
    routes=routes,
    middleware=[Middleware(OutageAnswer), Middleware(Gate)],
    lifespan=lifespan,
)
