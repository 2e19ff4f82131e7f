"""Verifies DKIM signatures with dkimpy. In: {"messages": [base64], "records": {name: text}}; out: a list per message."""

import base64
import json
import sys

import dkim

asked = json.load(sys.stdin)


def dns(name, timeout=5):
    return asked["records"].get(name.decode().rstrip("."), "").encode()


def verdicts(message):
    found = []
    signatures = sum(name.lower() == b"dkim-signature" for name, _ in dkim.rfc822_parse(message)[0])
    for index in range(signatures):
        verifier = dkim.DKIM(message)
        try:
            found.append("good" if verifier.verify(idx=index, dnsfunc=dns) else "bad")
        except dkim.DKIMException as error:
            found.append(f"{type(error).__name__}: {error}")
    return found


json.dump([verdicts(base64.b64decode(message)) for message in asked["messages"]], sys.stdout)
