#!/usr/bin/python3
"""HTTPS acceptor that checks TLS channel bindings (tls-server-end-point).

Stands in for a Windows web server with Extended Protection: Apache's
mod_auth_gssapi passes no channel bindings to GSSAPI, so it cannot tell a bound
client from an unbound one. This one hands the bindings of its own certificate
to the system's GSSAPI (MIT Kerberos; gss-ntlmssp for NTLM) and reports:

  X-Lab-User, X-Lab-Mech      who, and by which mechanism
  X-Lab-Channel-Bound         1 when the mechanism confirmed matching bindings

Paths starting /required answer 401 unless the client was bound, /ntlm takes only NTLM, /kerberos refuses NTLM (as
sites from version 2509 do), /unproven lets in without proving that it is the server, and /forbidden knows who asks and
answers 403 (as a site does to an account that administers nothing).
Authentication is per TCP connection, as on Windows: the context lives with the
connection, later requests on it need no header.

usage: epa_server.py LAB_DIR PORT
"""
import base64
import hashlib
import json
import socketserver
import ssl
import sys
from http.server import BaseHTTPRequestHandler

import gssapi
from gssapi.raw import ChannelBindings, OID

LAB, PORT = sys.argv[1], int(sys.argv[2])
KRB5 = OID.from_int_seq("1.2.840.113554.1.2.2")
SPNEGO = OID.from_int_seq("1.3.6.1.5.5.2")
NTLM = OID.from_int_seq("1.3.6.1.4.1.311.2.2.10")
CHANNEL_BOUND = 2048

with open(LAB + "/server.crt") as f:
    DER = ssl.PEM_cert_to_DER_cert(f.read())
CB = ChannelBindings(application_data=b"tls-server-end-point:" + hashlib.sha256(DER).digest())


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60

    def setup(self):
        super().setup()
        self.ctx = None
        self.who = None

    def answer(self, code, headers=(), body=b""):
        self.send_response(code)
        for k, v in headers:
            self.send_header(k, v)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def takes(self, scheme):
        return not self.path.startswith({"Negotiate": "/ntlm", "NTLM": "/kerberos"}[scheme])

    def challenge(self):
        self.answer(401, [("WWW-Authenticate", s) for s in ("Negotiate", "NTLM") if self.takes(s)])

    def do_GET(self):
        n = int(self.headers.get("Content-Length") or 0)
        if n:
            self.rfile.read(n)
        extra = []
        auth = self.headers.get("Authorization")
        if auth and auth.split(" ", 1)[0] in ("Negotiate", "NTLM"):
            scheme, _, b64 = auth.partition(" ")
            if not self.takes(scheme):
                return self.challenge()
            token = base64.b64decode(b64)
            try:
                if self.ctx is None or self.ctx.complete:
                    self.who = None
                    mech = NTLM if token.startswith(b"NTLMSSP\0") else (SPNEGO if scheme == "Negotiate" else NTLM)
                    creds = gssapi.Credentials(usage="accept", mechs=[mech])
                    self.ctx = gssapi.SecurityContext(creds=creds, usage="accept", channel_bindings=CB)
                    self.ctx.__DEFER_STEP_ERRORS__ = False
                out = self.ctx.step(token)
                complete = self.ctx.complete
            except Exception as e:  # every GSS error is a failed logon
                print("refused:", repr(e), flush=True)
                self.ctx = None
                return self.challenge()
            b64out = base64.b64encode(out).decode() if out else ""
            if not complete:
                return self.answer(401, [("WWW-Authenticate", f"{scheme} {b64out}")])
            if out and not self.path.startswith("/unproven"):
                extra.append(("WWW-Authenticate", f"{scheme} {b64out}"))
            flags = int(self.ctx.actual_flags)
            mech = {KRB5: "krb5", NTLM: "ntlm"}.get(self.ctx.mech, str(self.ctx.mech))
            self.who = (str(self.ctx.initiator_name).rstrip("\0"), mech, 1 if flags & CHANNEL_BOUND else 0)
            print("accepted:", self.who, hex(flags), flush=True)
        if self.who is None or (self.path.startswith("/required") and not self.who[2]):
            return self.challenge()
        user, mech, bound = self.who
        body = json.dumps({"value": [{"SiteCode": "LAB", "User": user, "Mech": mech, "Bound": bound}]}).encode()
        if self.path.startswith("/forbidden"):
            return self.answer(403, extra, b'{"error":{"code":"403","message":"Forbidden"}}')
        self.answer(200, extra + [("X-Lab-User", user), ("X-Lab-Mech", mech), ("X-Lab-Channel-Bound", str(bound))], body)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def get_request(self):
        sock, addr = super().get_request()
        return tls.wrap_socket(sock, server_side=True, do_handshake_on_connect=False), addr


tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
tls.load_cert_chain(LAB + "/server.crt", LAB + "/server.key")
Server(("127.0.0.1", PORT), Handler).serve_forever()
