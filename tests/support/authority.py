"""Makes certificates, revocation lists and OCSP answers with the openssl command, and TLS hosts
that show them."""
import pathlib
import re
import subprocess

CONFIG = """
[ca]
default_ca = lists
[lists]
database = {database}
default_md = sha256
default_crl_days = 30
"""


def openssl(*arguments, within=30):
    done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, timeout=within)
    if done.returncode != 0:
        raise AssertionError(f"openssl {arguments}: {done.stderr.decode()}")
    return done.stdout


class authority:
    """A certificate authority that issues, revokes and answers; all of it in files of `folder`."""

    def __init__(self, folder, name):
        self.folder, self.name, self.count = pathlib.Path(folder), name, 0
        self.key, self.certificate = self.path("key"), self.path("pem")
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", self.key, "-out",
                self.certificate, "-subj", f"/CN={name}", "-days", "30")

    def path(self, ending):
        self.count += 1
        return self.folder / f"{self.name}-{self.count}.{ending}"

    def issue(self, key, *extensions, common_name="host"):
        """The path of a certificate for the key. Its serial number is in `serial_of`."""
        request, more, made = self.path("csr"), self.path("ext"), self.path("pem")
        more.write_text("".join(f"{each}\n" for each in extensions))
        openssl("req", "-new", "-key", key, "-subj", f"/CN={common_name}", "-out", request)
        openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.key,
                "-set_serial", self.count, "-days", "20", "-extfile", more, "-out", made)
        return made

    def intermediate(self, name):
        """An authority below this one."""
        made = object.__new__(authority)
        made.folder, made.name, made.count = self.folder, name, 0
        made.key = made.path("key")
        openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", made.key)
        made.certificate = self.issue(made.key, "basicConstraints=critical,CA:TRUE", common_name=name)
        return made

    def serial_of(self, certificate):
        return openssl("x509", "-in", certificate, "-noout", "-serial").decode().strip()[7:]

    def index(self, certificate, revoked):
        """The authority's register with that one certificate in it."""
        made = self.path("index")
        state = "R\t350101000000Z\t200101000000Z" if revoked else "V\t350101000000Z\t"
        made.write_text(f"{state}\t{self.serial_of(certificate)}\tunknown\t/CN=host\n")
        return made

    def revocation_list(self, certificate, revoked, *dates):
        """A list, PEM, with the certificate in it or not; `dates` are options of openssl ca."""
        config, made = self.path("cnf"), self.path("crl")
        config.write_text(CONFIG.format(database=self.index(certificate, revoked)))
        openssl("ca", "-gencrl", "-config", config, "-keyfile", self.key, "-cert",
                self.certificate, "-out", made, *dates)
        return made

    def expired_list(self, certificate):
        return self.revocation_list(certificate, False, "-crl_lastupdate", "20200101000000Z",
                                    "-crl_nextupdate", "20200201000000Z")

    def answer(self, certificate, revoked=False, signer=None, hashed="sha1"):
        """A current OCSP answer, DER; `signer` is a (certificate, key) in place of the
        authority's own, and `hashed` is how the answer names the certificate."""
        signed_with, key = signer or (self.certificate, self.key)
        made = self.path("der")
        openssl("ocsp", "-index", self.index(certificate, revoked), "-CA", self.certificate,
                "-rsigner", signed_with, "-rkey", key, "-issuer", self.certificate, f"-{hashed}",
                "-serial", f"0x{self.serial_of(certificate)}", "-ndays", "1", "-noverify",
                "-no_nonce", "-respout", made)
        return made

    def expired_answer(self, certificate):
        """As `answer`, but of five years ago: openssl makes none, so that its dates are changed
        and it is signed again."""
        made = self.answer(certificate)
        der = made.read_bytes()
        _, at, _ = element(der, 0)  # OCSPResponse
        _, _, at = element(der, at)  # responseStatus
        for _ in range(2):  # [0], ResponseBytes
            _, at, _ = element(der, at)
        _, _, at = element(der, at)  # responseType
        for _ in range(2):  # response, BasicOCSPResponse
            _, at, _ = element(der, at)
        begin, _, end = element(der, at)  # tbsResponseData
        _, _, after = element(der, end)  # signatureAlgorithm
        _, bits, signed_to = element(der, after)  # signature, after a byte of unused bits
        text = re.sub(rb"\d{14}Z", lambda date: b"%d" % (int(date[0][:4]) - 5) + date[0][4:],
                      der[begin:end])
        plain = self.path("tbs")
        plain.write_bytes(text)
        signature = openssl("dgst", "-sha256", "-sign", self.key, plain)
        assert len(signature) == signed_to - bits - 1
        made.write_bytes(der[:begin] + text + der[end:bits + 1] + signature + der[signed_to:])
        return made


def element(der, at):
    """(beginning, beginning of the content, end) of the DER element there."""
    size, content = der[at + 1], at + 2
    if size & 0x80:
        content += size & 0x7f
        size = int.from_bytes(der[at + 2:content], "big")
    return at, content, content + size


class tls_host:
    """An openssl s_server. What it gets it sends back reversed, which is no HTTP: a client that
    complains about that has finished its handshake and sent its request."""

    def __init__(self, certificate, key, *options):
        self.running = subprocess.Popen(
            ["openssl", "s_server", "-accept", "127.0.0.1:0", "-rev", "-cert", certificate, "-key",
             key, *map(str, options)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True)
        said = []
        for line in self.running.stdout:
            said.append(line)
            if line.startswith("ACCEPT "):
                self.port = int(line.rsplit(":", 1)[1])
                return
        self.stop()
        raise AssertionError(f"no TLS host: {said}")

    def stop(self):
        self.running.kill()
        self.running.wait()
        self.running.stdout.close()
