namespace Pipeline.Fanout;

/// <summary>
/// A set of links that get the same messages. Adding, removing and looking up cost the same whatever its size; publishing is one pass over
/// an array. For any thread.
/// </summary>
public sealed class Room
{
    private readonly object _gate = new();
    private readonly Dictionary<ClientLink, int> _seats = [];
    private ClientLink[] _links = [];
    private ClientLink[] _woken = [];
    private int _count;

    /// <summary>Links in the room.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <returns>False when it was in the room already.</returns>
    public bool Add(ClientLink link)
    {
        lock (_gate)
        {
            if (!_seats.TryAdd(link, _count))
            {
                return false;
            }

            if (_count == _links.Length)
            {
                Array.Resize(ref _links, Math.Max(4, _count * 2));
            }

            _links[_count++] = link;
            return true;
        }
    }

    /// <returns>False when it was not in the room.</returns>
    public bool Remove(ClientLink link)
    {
        lock (_gate)
        {
            if (!_seats.Remove(link, out var seat))
            {
                return false;
            }

            var last = _links[--_count];
            _links[_count] = null!;
            if (last != link)
            {
                _links[seat] = last;
                _seats[last] = seat;
            }

            return true;
        }
    }

    public bool Contains(ClientLink link)
    {
        lock (_gate)
        {
            return _seats.ContainsKey(link);
        }
    }

    /// <summary>Posts a message to every link in the room. All their links must be of one <see cref="LinkServer"/>.</summary>
    /// <param name="key">As of <see cref="ClientLink.Post"/>.</param>
    /// <param name="except">Who does not get it: its sender.</param>
    /// <returns>Links that took it.</returns>
    public int Publish(SharedMessage message, Delivery delivery, object? key = null, ClientLink? except = null)
    {
        lock (_gate)
        {
            if (_woken.Length < _count)
            {
                _woken = new ClientLink[_links.Length];
            }

            var taken = 0;
            var woken = 0;
            foreach (var link in _links.AsSpan(0, _count))
            {
                if (link != except && link.TryPost(message, delivery, key, out var mustWake))
                {
                    taken++;
                    if (mustWake)
                    {
                        _woken[woken++] = link;
                    }
                }
            }

            if (woken > 0)
            {
                _woken[0].Pump.Enqueue(_woken.AsSpan(0, woken));
                Array.Clear(_woken, 0, woken);
            }

            return taken;
        }
    }

    /// <summary>The links in the room, at this moment.</summary>
    public ClientLink[] ToArray()
    {
        lock (_gate)
        {
            return _links.AsSpan(0, _count).ToArray();
        }
    }
}
