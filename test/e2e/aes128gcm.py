"""RFC 8188 by another implementation: aes128gcm.py seal|open IKM-HEX IN OUT [SALT-HEX RECORD-SIZE]"""

import sys

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

TAG = 16


def derive(ikm, salt, coding, length):
    info = b"Content-Encoding: " + coding + b"\0"
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(ikm)


def cipher_of(ikm, salt):
    base = int.from_bytes(derive(ikm, salt, b"nonce", 12), "big")
    cipher = AESGCM(derive(ikm, salt, b"aes128gcm", 16))
    return cipher, lambda number: (base ^ number).to_bytes(12, "big")


def seal(plain, ikm, salt, record_size):
    cipher, nonce = cipher_of(ikm, salt)
    room = record_size - TAG - 1
    chunks = [plain[at : at + room] for at in range(0, len(plain), room)] or [b""]
    body = salt + record_size.to_bytes(4, "big") + b"\0"
    for number, chunk in enumerate(chunks):
        delimiter = b"\2" if number + 1 == len(chunks) else b"\1"
        body += cipher.encrypt(nonce(number), chunk + delimiter, None)
    return body


def unseal(body, ikm):
    salt, record_size, keyid = body[:16], int.from_bytes(body[16:20], "big"), body[20]
    cipher, nonce = cipher_of(ikm, salt)
    records = body[21 + keyid :]
    plain = b""
    for number, at in enumerate(range(0, len(records), record_size)):
        record = cipher.decrypt(nonce(number), records[at : at + record_size], None).rstrip(b"\0")
        last = at + record_size >= len(records)
        assert record[-1:] == (b"\2" if last else b"\1")
        plain += record[:-1]
    return plain


def main():
    direction, ikm, source, target = sys.argv[1:5]
    with open(source, "rb") as file:
        text = file.read()
    ikm = bytes.fromhex(ikm)
    if direction == "seal":
        out = seal(text, ikm, bytes.fromhex(sys.argv[5]), int(sys.argv[6]))
    else:
        out = unseal(text, ikm)
    with open(target, "wb") as file:
        file.write(out)


main()
