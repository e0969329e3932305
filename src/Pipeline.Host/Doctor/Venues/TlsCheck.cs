using System.Globalization;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Pipeline.Core.Feeds.Transport;

namespace Pipeline.Host.Doctor.Venues;

/// <summary>The certificate that a venue's host shows: chain, name and end, judged as the feeds judge it.</summary>
/// <param name="key">Key of the topology that has the address.</param>
internal sealed class TlsCheck(VenueProbe venue, Uri address, string key, params ICheck[] needs) : ICheck
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan EndsSoon = TimeSpan.FromDays(14);

    public string Name => $"{venue.Name} tls {address.Authority}";

    public IReadOnlyList<ICheck> Needs => needs;

    public Task<Finding> RunAsync(CancellationToken cancellation) => TimeLimit.KeepAsync(
        Limit,
        venue.Time,
        LookAsync,
        () => Finding.Fail($"{address.Authority} did not answer within {Limit.TotalSeconds:0} s", venue.ReachAdvice(key)),
        cancellation);

    private async Task<Finding> LookAsync(CancellationToken cancellation)
    {
        var trust = new ServerTrust(venue.Options.Network.CertificateAuthority);
        var judge = trust.Options.RemoteCertificateValidationCallback!;
        DateTimeOffset? end = null;
        var errors = SslPolicyErrors.None;
        bool Judge(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors found)
        {
            end = (certificate as X509Certificate2)?.NotAfter;
            errors = found;
            return judge(sender, certificate, chain, found);
        }

        using var client = new HttpClient(new SocketsHttpHandler
        {
            Proxy = venue.Proxies,
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = Judge },
            ConnectTimeout = Limit,
        });
        try
        {
            // Whatever is answered, and be it nothing: the certificate comes before.
            var page = new UriBuilder(Uri.UriSchemeHttps, address.Host, address.Port).Uri;
            using var answer = await client.GetAsync(page, HttpCompletionOption.ResponseHeadersRead, cancellation);
        }
        catch (HttpRequestException fault) when (trust.Refusal is not null || end is null)
        {
            return trust.Refusal is { } refusal
                ? Finding.Fail($"TLS with {address.Authority} fails: {refusal}", AdviceOn(errors))
                : fault.InnerException is AuthenticationException cause
                    ? Finding.Fail($"TLS with {address.Authority} fails: {(cause.InnerException ?? cause).Message}", "check that this address speaks TLS: ws:// and http:// do without")
                    : Finding.Fail($"no connection to {address.Authority}: {fault.Message}", venue.ReachAdvice(key));
        }
        catch (HttpRequestException)
        {
            // It was shown and is good; that a WebSocket server answers no page is no fault.
        }

        return JudgeEnd(end);
    }

    private Finding JudgeEnd(DateTimeOffset? end)
    {
        if (end is not { } at)
        {
            return Finding.Ok($"{address.Authority} is trusted");
        }

        var day = at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return at - venue.Time.GetUtcNow() < EndsSoon
            ? Finding.Warn($"the certificate of {address.Host} ends on {day}", "the venue must renew it; if it is a proxy's or your own, renew that")
            : Finding.Ok($"the certificate of {address.Host} is trusted and good until {day}");
    }

    private string AdviceOn(SslPolicyErrors errors) => errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)
        ? $"write the name that the certificate is for in {key}; when it is not the venue's, something between opens the connection or DNS leads astray"
        : $"where a proxy or a company's firewall opens TLS, name the PEM file of its authority under {venue.Key("network.certificateAuthority")}; "
            + "else look at the machine's date and its package of certificate authorities";
}
