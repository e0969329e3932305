using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Pipeline.Core.Feeds.Transport;

/// <summary>
/// Judges the certificate of one connection: trusted is what the system trusts, and besides what the certificates of a file have issued.
/// The name must fit in either case. Remembers why it refused.
/// </summary>
internal sealed class ServerTrust(string? authorityFile)
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>Why a certificate was refused; null when none was.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Host whose certificate was looked at last: the venue's, or before it that of an HTTPS proxy.</summary>
    public string? Host { get; private set; }

    public SslClientAuthenticationOptions Options => new() { RemoteCertificateValidationCallback = IsTrusted };

    private bool IsTrusted(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        Host = (sender as SslStream)?.TargetHostName;
        if (errors == SslPolicyErrors.None)
        {
            return true;
        }

        Refusal = WhyNot(certificate as X509Certificate2, chain, errors);
        return Refusal is null;
    }

    private string? WhyNot(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            return "the server showed no certificate";
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return $"its certificate ({certificate.Subject}) is not for {Host}";
        }

        var system = Describe(chain);
        if (authorityFile is null)
        {
            return $"the system does not trust its certificate ({certificate.Subject}, issued by {certificate.Issuer}): {system}";
        }

        try
        {
            using var own = new X509Chain();
            Prepare(own.ChainPolicy, chain);
            return own.Build(certificate)
                ? null
                : $"neither the system ({system}) nor {authorityFile} ({Describe(own)}) trusts its certificate "
                    + $"({certificate.Subject}, issued by {certificate.Issuer})";
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return $"the system does not trust its certificate ({system}), and {authorityFile} cannot be read: {error.Message}";
        }
    }

    private void Prepare(X509ChainPolicy policy, X509Chain? shown)
    {
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.ApplicationPolicy.Add(new Oid(ServerAuthentication));

        // Read for every attempt: a renewed file needs no restart.
        policy.CustomTrustStore.ImportFromPemFile(authorityFile!);
        policy.ExtraStore.AddRange(policy.CustomTrustStore);
        if (shown is not null)
        {
            // What the server sent along: certificates between its own and its root.
            policy.ExtraStore.AddRange(shown.ChainPolicy.ExtraStore);
        }
    }

    private static string Describe(X509Chain? chain)
    {
        var status = chain?.ChainStatus.Select(one => $"{one.Status}: {one.StatusInformation.Trim()}").Distinct().ToList() ?? [];
        return status.Count == 0 ? "no reason is given" : string.Join("; ", status);
    }
}
