using Pipeline.Fanout;

namespace Pipeline.Gateway.Streams;

/// <summary>Who gets a stream: a publish is one pass over them. Only for the hub's thread.</summary>
internal sealed class StreamRoom
{
    private readonly List<IOutlet> _members = [];
    private Dictionary<IOutlet, int>? _places;

    public int Count => _members.Count;

    /// <summary>False when it was in already.</summary>
    public bool Add(IOutlet member)
    {
        _places ??= [];
        if (!_places.TryAdd(member, _members.Count))
        {
            return false;
        }

        _members.Add(member);
        return true;
    }

    /// <summary>False when it was not in.</summary>
    public bool Remove(IOutlet member)
    {
        if (_places is null || !_places.Remove(member, out var place))
        {
            return false;
        }

        var last = _members[^1];
        _members[place] = last;
        _members.RemoveAt(_members.Count - 1);
        if (place < _members.Count)
        {
            _places[last] = place;
        }

        return true;
    }

    public void Publish(SharedMessage message, Delivery delivery, object? key)
    {
        foreach (var member in _members)
        {
            member.Post(message, delivery, key);
        }
    }
}
