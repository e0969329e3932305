using System.Diagnostics.CodeAnalysis;

namespace Pipeline.Fanout.Outboxes;

/// <summary>
/// A client's maximum rate of conflatable messages: a bucket of tokens, and what waits for them, the newest of each key, the longest waiting
/// first.
/// </summary>
internal sealed class RateLimit
{
    private readonly double _perSecond;
    private readonly double _capacity;
    private readonly LinkedList<OutboxItem> _held = new();
    private readonly Dictionary<object, LinkedListNode<OutboxItem>> _byKey = [];
    private double _tokens;
    private int _tick;

    /// <param name="perSecond">Messages per second, above 0.</param>
    /// <param name="previous">What the limit before held back.</param>
    public RateLimit(double perSecond, int tick, RateLimit? previous)
    {
        _perSecond = perSecond;

        // At least one, else a rate below one per second would never let anything go.
        _capacity = Math.Max(1, perSecond);
        _tokens = _capacity;
        _tick = tick;
        while (previous is not null && previous.TryRelease(all: true, out var item))
        {
            Hold(item);
        }
    }

    public int Count => _held.Count;

    /// <summary>Whether a message may go at once: a token is there, and nothing waits before it.</summary>
    public bool TryPass()
    {
        if (_held.Count > 0 || _tokens < 1)
        {
            return false;
        }

        _tokens--;
        return true;
    }

    public void Hold(in OutboxItem item) => _byKey[item.Key!] = _held.AddLast(item);

    public bool TryRemove(object key, out OutboxItem item)
    {
        if (!_byKey.Remove(key, out var node))
        {
            item = default;
            return false;
        }

        item = node.Value;
        _held.Remove(node);
        return true;
    }

    public void Refill(int tick, double secondsPerTick)
    {
        _tokens = Math.Min(_capacity, _tokens + ((tick - _tick) * secondsPerTick * _perSecond));
        _tick = tick;
    }

    public bool TryRelease(bool all, [MaybeNullWhen(false)] out OutboxItem item)
    {
        item = default;
        if (_held.First is not { } node || (!all && _tokens < 1))
        {
            return false;
        }

        _tokens -= all ? 0 : 1;
        item = node.Value;
        _held.RemoveFirst();
        _byKey.Remove(item.Key!);
        return true;
    }

    public void Clear()
    {
        _held.Clear();
        _byKey.Clear();
    }
}
