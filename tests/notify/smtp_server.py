"""A real SMTP server for the tests: smtp_server.py [CERT KEY [USER PASSWORD]].

Says its port on the first line, then every message that it takes as one line of JSON. What it does with a message depends
on the recipient: refuse@ 550 in two lines, talks@ 550 without end, later@ 451, hang@ never answers, lost@ takes the message and closes without an answer.
With a certificate it offers STARTTLS and demands it. A wrong password it repeats.
"""
import asyncio
import base64
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


def say(what):
    print(what, flush=True)


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        who = address.split("@")[0]
        if who == "refuse":
            return "550-5.1.1 <refuse@example.org>: no such mailbox\r\n550 5.1.1 gone\tfor good"
        if who == "talks":
            return "550 5.7.1 " + "so it is " * 40
        if who == "later":
            return "451 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        who = envelope.rcpt_tos[0].split("@")[0]
        if who == "hang":
            await asyncio.Event().wait()
        text = envelope.content.decode("utf-8")
        say(json.dumps({"from": envelope.mail_from, "to": envelope.rcpt_tos, "tls": session.ssl is not None,
                        "user": session.auth_data and session.auth_data.login.decode(), "text": text}))
        if who == "lost":
            server.transport.abort()
            await asyncio.Event().wait()
        return "250 2.0.0 queued as 4F2A"


def options():
    out = {"enable_SMTPUTF8": False}
    if len(sys.argv) > 2:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(sys.argv[1], sys.argv[2])
        out.update(tls_context=tls, require_starttls=True)
    if len(sys.argv) > 4:
        right = (sys.argv[3].encode(), sys.argv[4].encode())

        def authenticate(server, session, envelope, mechanism, data):
            good = (data.login, data.password) == right
            said = base64.b64encode(data.password).decode()
            told = None if good else "535 5.7.8 not " + data.password.decode() + " nor " + said
            return AuthResult(success=good, handled=good, message=told, auth_data=data)

        out.update(authenticator=authenticate, auth_required=True)
    return out


async def main():
    chosen = options()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Handler(), loop=loop, **chosen), "127.0.0.1", 0)
    say(server.sockets[0].getsockname()[1])
    await server.serve_forever()


asyncio.run(main())
