using System.Security.Authentication;

namespace Pipeline.Core.Feeds.Transport;

/// <summary>Tells the list of proxies what came of each attempt, and tells failures by their cause.</summary>
internal sealed class VenueHttpHandler(HttpMessageHandler inner, ProxyList proxies, ServerTrust trust) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var proxy = proxies.GetProxy(request.RequestUri!);
        try
        {
            var answer = await base.SendAsync(request, cancellationToken);
            proxies.Succeeded(proxy);
            return answer;
        }
        catch (OperationCanceledException)
        {
            // The caller's patience ended: a proxy that keeps silent shows in nothing else.
            proxies.Failed(proxy);
            throw;
        }
        catch (HttpRequestException error)
        {
            proxies.Failed(proxy);
            throw new HttpRequestException(error.HttpRequestError, Describe(error, proxy), error, error.StatusCode);
        }
    }

    private string Describe(HttpRequestException error, Uri? proxy)
    {
        var via = proxy is null ? "" : $" (through {ProxyAddress.Show(proxy)})";
        var why = error.InnerException switch
        {
            // Connections of several requests share the trust: the newest refusal is the likely one.
            AuthenticationException => $": {trust.Refusal ?? error.InnerException.InnerException?.Message ?? error.InnerException.Message}",
            { } cause => $": {cause.Message}",
            null => "",
        };
        return $"{error.Message.TrimEnd('.')}{why}{via}";
    }
}
