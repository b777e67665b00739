using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Orders.LocalServers;

/// <summary>
/// The certificate of DCP's own API, kept in a file. Without one DCP makes an RSA key of 4096 bits at every start, 3 to 5 s of
/// processor time. Nothing else uses it: no TLS for servers or services, nothing to trust.
/// </summary>
internal sealed class LocalCertificate(string file) : IDeveloperCertificateService
{
    private static readonly TimeSpan Validity = TimeSpan.FromDays(365);

    public ImmutableList<X509Certificate2> Certificates { get; } = [Load(file) ?? Create(file)];

    public bool SupportsContainerTrust => false;

    public bool UseForHttps => false;

    public bool TrustCertificate => false;

    private static X509Certificate2? Load(string file)
    {
        if (!File.Exists(file)) return null;
        var certificate = X509CertificateLoader.LoadPkcs12FromFile(
            file, null, X509KeyStorageFlags.Exportable | X509KeyStorageFlags.EphemeralKeySet);
        return certificate.NotAfter.ToUniversalTime() > TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(1) ? certificate : null;
    }

    private static X509Certificate2 Create(string file)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        // By this extension Aspire knows a developer certificate; it hands DCP no other.
        request.CertificateExtensions.Add(new X509Extension("1.3.6.1.4.1.311.84.1.1", [2], critical: false));
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.Add(Validity));
        // Written aside and renamed: another AppHost of this clone may start at the same time.
        var aside = $"{file}.{Guid.NewGuid():N}";
        var mode = new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using (var stream = new FileStream(aside, mode)) stream.Write(made.Export(X509ContentType.Pkcs12));
        File.Move(aside, file, overwrite: true);
        return Load(file)!;
    }
}
