using System.Net;
using System.Runtime.InteropServices;

namespace Pipeline.Gateway.Security;

/// <summary>
/// How many connections each address has, whatever they are for: counted before anything is read from them, so that nobody can hold them all
/// by sending nothing. Behind a trusted proxy many clients share an address; that one has a limit of its own, or none. For any thread.
/// </summary>
/// <param name="perProxy">Null = a proxy may have any number.</param>
internal sealed class SocketLimiter(int perAddress, int? perProxy, IReadOnlyList<IPNetwork> trustedProxies)
{
    private readonly Lock _gate = new();

    // An address is here as long as it has a connection, so there are never more than connections.
    private readonly Dictionary<IPAddress, int> _open = [];

    /// <summary>Connections there are.</summary>
    public int Open
    {
        get
        {
            lock (_gate)
            {
                return _open.Values.Sum();
            }
        }
    }

    /// <summary>Asks for a connection; who gets it leaves when it ends.</summary>
    public bool TryEnter(IPAddress peer)
    {
        var limit = Addresses.IsTrusted(Addresses.Plain(peer), trustedProxies) ? perProxy ?? int.MaxValue : perAddress;
        lock (_gate)
        {
            ref var open = ref CollectionsMarshal.GetValueRefOrAddDefault(_open, Addresses.KeyOf(peer), out _);
            if (open >= limit)
            {
                return false;
            }

            open++;
            return true;
        }
    }

    public void Leave(IPAddress peer)
    {
        lock (_gate)
        {
            var key = Addresses.KeyOf(peer);
            ref var open = ref CollectionsMarshal.GetValueRefOrNullRef(_open, key);
            if (--open == 0)
            {
                _open.Remove(key);
            }
        }
    }
}
