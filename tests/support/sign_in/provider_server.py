"""An identity provider as a program of its own: `python -m tests.support.sign_in.provider_server`.

It prints its port. PUT /tamper with {"set": {…}, "drop": […], "forge": true} changes the claims of
the ID tokens that follow, or signs them by a key that is not the provider's.
"""

from __future__ import annotations

from typing import Any

import flask
import oidc_provider_mock
from joserfc import jwt
from joserfc.jwk import RSAKey
from oidc_provider_mock._server import _threaded_server
from oidc_provider_mock._storage import storage

PEOPLE: dict[str, dict[str, Any]] = {
    "s-dana": {"preferred_username": "dana", "name": "Dana"},
    "s-erin": {"preferred_username": "erin", "name": "Erin", "groups": ["qa", "coffee"]},
    "s-alice": {"preferred_username": "alice"},
    "s-bare": {},
}
_wanted: dict[str, Any] = {}


def main() -> None:
    app = oidc_provider_mock.app(
        require_nonce=True,
        user_claims=[
            oidc_provider_mock.User(sub=subject, claims=claims)
            for subject, claims in PEOPLE.items()
        ],
    )
    app.after_request(_tampered)
    app.put("/tamper")(_tamper)
    with _threaded_server(app=app) as server:
        print(server.server_port, flush=True)
        input()  # until whoever started it is gone


def _tamper() -> tuple[str, int]:
    _wanted.clear()
    _wanted.update(flask.request.get_json())
    return "", 204


def _tampered(response: flask.Response) -> flask.Response:
    body = response.get_json(silent=True) if flask.request.path == "/oauth2/token" else None
    if _wanted and body and "id_token" in body:
        key = RSAKey.import_key(storage.jwk.as_dict(is_private=True))
        claims = jwt.decode(body["id_token"], key).claims | _wanted.get("set", {})
        for name in _wanted.get("drop", ()):
            del claims[name]
        signer = RSAKey.generate_key(2048) if _wanted.get("forge") else key
        kid = storage.jwk.as_dict().get("kid")
        body["id_token"] = jwt.encode({"alg": "RS256", "kid": kid}, claims, signer)
        response.set_data(flask.json.dumps(body))
    return response


if __name__ == "__main__":
    main()
