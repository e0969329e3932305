using System.Collections.Concurrent;
using System.Net;

namespace Pipeline.Core.Feeds.Transport;

/// <summary>
/// The proxies of a venue, one in use at a time: after three failed attempts in a row, of whatever kind, it is the next one's turn, for a
/// venue that refuses the country of one proxy may take another. An empty list stands for what the environment names (HTTPS_PROXY,
/// ALL_PROXY, NO_PROXY …), which has no next one; what is on this machine is reached without it. Safe from several threads.
/// </summary>
internal sealed class ProxyList : IWebProxy, ICredentials
{
    /// <summary>Failed attempts in a row after which the next proxy is used.</summary>
    public const int MostFailures = 3;

    private readonly Lock _gate = new();
    private readonly IReadOnlyList<ProxyAddress> _proxies;
    private readonly IWebProxy _environment;

    /// <summary>What the environment named so far, by the address without user and password; a few at most.</summary>
    private readonly ConcurrentDictionary<Uri, ProxyAddress> _named = new();
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
        get => this;
        set => throw new NotSupportedException("They come with the addresses.");
    }

    public Uri? GetProxy(Uri destination) => _proxies.Count > 0 ? Current : OfEnvironment(destination);

    public bool IsBypassed(Uri host) => GetProxy(host) is null;

    public NetworkCredential? GetCredential(Uri uri, string authType) => _proxies.Count > 0
        ? _proxies.FirstOrDefault(proxy => proxy.Address == uri)?.Credentials
        : _named.GetValueOrDefault(uri)?.Credentials ?? _environment.Credentials?.GetCredential(uri, authType);

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

    /// <summary>The framework's own reading leaves user and password in the address, from where they get into its messages.</summary>
    private Uri? OfEnvironment(Uri destination)
    {
        if (destination.IsLoopback || _environment.IsBypassed(destination) || _environment.GetProxy(destination) is not { } named)
        {
            return null;
        }

        var proxy = new ProxyAddress(named);
        _named[proxy.Address] = proxy;
        return proxy.Address;
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
