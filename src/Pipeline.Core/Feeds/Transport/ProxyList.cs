using System.Net;

namespace Pipeline.Core.Feeds.Transport;

/// <summary>
/// The proxies of a venue, one in use at a time: after three failed attempts in a row, of whatever kind, it is the next one's turn, for a
/// venue that refuses the country of one proxy may take another. An empty list stands for what the environment names (HTTPS_PROXY,
/// ALL_PROXY, NO_PROXY …), which has no next one. Safe from several threads.
/// </summary>
internal sealed class ProxyList : IWebProxy, ICredentials
{
    /// <summary>Failed attempts in a row after which the next proxy is used.</summary>
    public const int MostFailures = 3;

    private readonly Lock _gate = new();
    private readonly IReadOnlyList<ProxyAddress> _proxies;
    private readonly IWebProxy _environment;
    private int _current;
    private int _failures;

    /// <param name="environment">What an empty list stands for.</param>
    public ProxyList(IReadOnlyList<Uri> proxies, IWebProxy environment)
    {
        _proxies = [.. proxies.Select(proxy => new ProxyAddress(proxy))];
        _environment = environment;
    }

    public ICredentials? Credentials
    {
        get => _proxies.Count == 0 ? _environment.Credentials : this;
        set => throw new NotSupportedException("They come with the addresses.");
    }

    public Uri? GetProxy(Uri destination) => _proxies.Count > 0
        ? Current
        : _environment.IsBypassed(destination) ? null : _environment.GetProxy(destination);

    public bool IsBypassed(Uri host) => GetProxy(host) is null;

    public NetworkCredential? GetCredential(Uri uri, string authType) =>
        _proxies.FirstOrDefault(proxy => proxy.Address == uri)?.Credentials;

    /// <summary>An attempt through <paramref name="proxy"/> brought an answer of the venue's.</summary>
    public void Succeeded(Uri? proxy) => Note(proxy, failed: false);

    /// <summary>An attempt through <paramref name="proxy"/> did not succeed.</summary>
    public void Failed(Uri? proxy) => Note(proxy, failed: true);

    private Uri Current
    {
        get
        {
            lock (_gate)
            {
                return _proxies[_current].Address;
            }
        }
    }

    private void Note(Uri? proxy, bool failed)
    {
        lock (_gate)
        {
            // What is heard of one that is no longer in use says nothing of its successor.
            if (proxy is null || _proxies.Count == 0 || _proxies[_current].Address != proxy)
            {
                return;
            }

            _failures = failed ? _failures + 1 : 0;
            if (_failures == MostFailures)
            {
                _failures = 0;
                _current = (_current + 1) % _proxies.Count;
            }
        }
    }
}
