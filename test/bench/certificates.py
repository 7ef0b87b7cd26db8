"""Certificates of many phones, signed by the device root of `provphone pki`, for loops that are no phones."""
import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID


def sign_all(pki, macs):
    """Writes MAC.pem and MAC.key into `pki`/devices. All have one key, whose size is what counts."""
    root = x509.load_pem_x509_certificate((pki / "device-root.pem").read_bytes())
    root_key = serialization.load_pem_private_key((pki / "device-root.key").read_bytes(), None)
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    now = datetime.datetime.utcnow()
    folder = pki / "devices"
    folder.mkdir(mode=0o700)
    for mac in macs:
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, mac)])
        certificate = (x509.CertificateBuilder().subject_name(name).issuer_name(root.subject).public_key(key.public_key())
                       .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=1))
                       .not_valid_after(now + datetime.timedelta(days=30)).sign(root_key, hashes.SHA256()))
        (folder / f"{mac}.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        (folder / f"{mac}.key").write_bytes(pem)
