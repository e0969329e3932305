using System.Diagnostics.CodeAnalysis;

namespace Pipeline.Gateway.WebSockets.Subscriptions;

/// <summary>
/// Items in the order in which they are due, by time or by place in a log. Setting, taking and removing cost O(log n), and what is removed
/// leaves nothing behind. For one thread.
/// </summary>
internal sealed class Agenda<T>
    where T : class
{
    private readonly Dictionary<T, (long Due, long Number)> _places = new(ReferenceEqualityComparer.Instance);
    private readonly SortedSet<(long Due, long Number, T Item)> _items =
        new(Comparer<(long Due, long Number, T Item)>.Create(static (one, other) => (one.Due, one.Number).CompareTo((other.Due, other.Number))));

    private long _number;

    public int Count => _items.Count;

    /// <summary>Puts an item in; one that is there already gets the new place.</summary>
    public void Set(T item, long due)
    {
        Remove(item);
        var number = _number++;
        _places.Add(item, (due, number));
        _items.Add((due, number, item));
    }

    /// <summary>Does nothing when it is not there.</summary>
    public void Remove(T item)
    {
        if (_places.Remove(item, out var place))
        {
            _items.Remove((place.Due, place.Number, item));
        }
    }

    /// <summary>Takes the first item out if it is due.</summary>
    public bool TryTake(long now, [NotNullWhen(true)] out T? item)
    {
        item = null;
        if (_items.Count == 0 || _items.Min is var first && first.Due > now)
        {
            return false;
        }

        item = first.Item;
        _items.Remove(first);
        _places.Remove(item);
        return true;
    }
}
