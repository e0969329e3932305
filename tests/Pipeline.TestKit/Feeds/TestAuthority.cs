using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Pipeline.TestKit.Feeds;

/// <summary>A certificate authority that nobody knows, with its certificate in a PEM file.</summary>
public sealed class TestAuthority : IDisposable
{
    private static readonly DateTimeOffset From = DateTimeOffset.UtcNow.AddDays(-1);
    private static readonly DateTimeOffset Until = From.AddDays(10);

    private readonly X509Certificate2 _certificate;

    public TestAuthority(string name = "CN=Test Authority")
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        _certificate = request.CreateSelfSigned(From, Until);
        File.WriteAllText(PemFile, _certificate.ExportCertificatePem());
    }

    public string PemFile { get; } = Path.GetTempFileName();

    /// <summary>A server's certificate for the loopback address, or for <paramref name="host"/> alone.</summary>
    public X509Certificate2 Issue(string? host = null)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={host ?? "loopback"}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        if (host is null)
        {
            names.AddIpAddress(IPAddress.Loopback);
        }
        else
        {
            names.AddDnsName(host);
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using var issued = request.Create(_certificate, From, Until.AddDays(-1), RandomNumberGenerator.GetBytes(8));
        return issued.CopyWithPrivateKey(key);
    }

    public void Dispose()
    {
        _certificate.Dispose();
        File.Delete(PemFile);
    }
}
