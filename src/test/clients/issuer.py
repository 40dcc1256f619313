"""Issues tokens by PyJWT, and serves the keys that verify them. Prints the keys' address, then a line for each token: the status
of a request for /q/metrics with it, what it is, the token. Ends when its input does."""

import http.server
import json
import sys
import threading
import time

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt import algorithms

KEYS = {
    "RS256": (rsa.generate_private_key(public_exponent=65537, key_size=2048), algorithms.RSAAlgorithm),
    "ES256": (ec.generate_private_key(ec.SECP256R1()), algorithms.ECAlgorithm),
    "ES384": (ec.generate_private_key(ec.SECP384R1()), algorithms.ECAlgorithm),
    "EdDSA": (ed25519.Ed25519PrivateKey.generate(), algorithms.OKPAlgorithm),
}
KEYS["PS256"] = KEYS["RS256"]


def key_set():
    keys = []
    for name, (key, algorithm) in KEYS.items():
        if name != "PS256":
            keys.append({**algorithm.to_jwk(key.public_key(), as_dict=True), "kid": kid(name), "use": "sig"})
    return json.dumps({"keys": keys}).encode()


def kid(name):
    return "RS256" if name == "PS256" else name


def token(algorithm, key=None, **changed):
    claims = {"iss": "https://issuer.test", "aud": "glimpse", "sub": "alice", "scope": "observe", "exp": int(time.time()) + 600, **changed}
    return jwt.encode(claims, key or KEYS[algorithm][0], algorithm=algorithm, headers={"kid": kid(algorithm)})


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = key_set()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    lines = [(200, name, token(name)) for name in KEYS]
    lines += [
        (200, "one-of-two-audiences", token("RS256", aud=["other", "glimpse"])),
        (403, "other-role", token("ES256", scope="predict")),
        (403, "no-role", token("ES256", scope="")),
        (401, "expired", token("ES256", exp=int(time.time()) - 60)),
        (401, "not-yet", token("ES256", nbf=int(time.time()) + 600)),
        (401, "other-issuer", token("EdDSA", iss="https://issuer.other")),
        (401, "other-audience", token("EdDSA", aud="other")),
        (401, "strangers-key", token("RS256", key=stranger)),
        (401, "shared-secret", jwt.encode({"sub": "alice"}, "0" * 64, algorithm="HS256", headers={"kid": "RS256"})),
        (401, "none", jwt.encode({"sub": "alice"}, None, algorithm="none")),
    ]
    print(f"http://127.0.0.1:{server.server_port}/jwks.json")
    for line in lines:
        print(*line)
    print(flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
