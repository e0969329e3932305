using Pipeline.Fanout;

namespace Pipeline.Gateway.Streams;

/// <summary>Who gets a stream: a publish is one pass over them. Only for the hub's thread.</summary>
internal sealed class StreamRoom
{
    /// <summary>Most streams have no subscriber: then there is no room.</summary>
    private Room? _links;

    /// <summary>Those that are no links.</summary>
    private List<IOutlet>? _others;

    public int Count { get; private set; }

    /// <summary>False when it was in already.</summary>
    public bool Add(IOutlet member)
    {
        bool isNew;
        if (member.Link is { } link)
        {
            _links ??= new Room();
            isNew = _links.Add(link);
        }
        else
        {
            _others ??= [];
            isNew = !_others.Contains(member);
            if (isNew)
            {
                _others.Add(member);
            }
        }

        Count += isNew ? 1 : 0;
        return isNew;
    }

    /// <summary>False when it was not in.</summary>
    public bool Remove(IOutlet member)
    {
        var wasIn = member.Link is { } link ? _links?.Remove(link) == true : _others?.Remove(member) == true;
        Count -= wasIn ? 1 : 0;
        if (Count == 0)
        {
            _links = null;
            _others = null;
        }

        return wasIn;
    }

    public void Publish(SharedMessage message, Delivery delivery, object? key)
    {
        _links?.Publish(message, delivery, key);
        if (_others is not null)
        {
            foreach (var member in _others)
            {
                member.Post(message, delivery, key);
            }
        }
    }
}
