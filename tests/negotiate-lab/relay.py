#!/usr/bin/python3
"""Somebody in between: ends TLS with a certificate of its own and passes every byte on to the acceptor.

What a client binds to is then the relay's certificate (or nothing, where that certificate names no hash), and what the
acceptor expects is its own.

usage: relay.py LAB_DIR NAME PORT TARGET_PORT     shows NAME.crt
"""
import asyncio
import ssl
import sys

LAB, NAME, PORT, TARGET = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
here = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
here.load_cert_chain(f"{LAB}/{NAME}.crt", f"{LAB}/{NAME}.key")
there = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
there.check_hostname = False
there.verify_mode = ssl.CERT_NONE


async def pour(out, into):
    try:
        while some := await out.read(65536):
            into.write(some)
            await into.drain()
    except OSError:
        pass
    finally:
        into.close()


async def passing(out, into):
    far_out, far_into = await asyncio.open_connection("127.0.0.1", TARGET, ssl=there)
    await asyncio.gather(pour(out, far_into), pour(far_out, into))


async def main():
    server = await asyncio.start_server(passing, "127.0.0.1", PORT, ssl=here)
    await server.serve_forever()


asyncio.run(main())
