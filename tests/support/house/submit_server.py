"""The portal's own routes behind its gate, without Streamlit: quick to start, and to kill.

`python -m tests.support.house.submit_server PORT` serves until it is killed.
"""

from __future__ import annotations

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware

from pages.web.availability import OutageAnswer
from pages.web.gate import Gate
from pages.web.routes import routes

if __name__ == "__main__":
    app = Starlette(routes=routes, middleware=[Middleware(OutageAnswer), Middleware(Gate)])
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
