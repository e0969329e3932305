namespace Pipeline.Core.Feeds;

/// <summary>
/// The streams of one venue that are wished for. Changed by difference: a stream that stays is not touched, whatever happens to the
/// others. Safe from several threads.
/// </summary>
/// <param name="catalog">Told of each stream before it is subscribed to, and when it is not wished for any more.</param>
public sealed class StreamWishes(IStreamSubscriptions feed, StreamCatalog catalog)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Held> _held = new(StringComparer.Ordinal);

    /// <summary>Wishes for these streams and no others, the most important first.</summary>
    public StreamDifference Follow(IReadOnlyList<FeedStream> wanted)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        lock (_gate)
        {
            var names = wanted.Select(stream => stream.Name).ToHashSet(StringComparer.Ordinal);
            var gone = _held.Keys.Where(name => !names.Contains(name)).ToList();
            var (added, moved, refused) = (new List<string>(), new List<string>(), new List<string>());

            // New ones first: a stream that moves to another instrument's name is then never without either.
            foreach (var stream in wanted.OrderBy(stream => stream.Rank))
            {
                // What it carries may be known better now, such as its instrument by another name.
                catalog.Add(stream);
                if (!_held.TryGetValue(stream.Name, out var held))
                {
                    Subscribe(stream, added, refused);
                }
                else if (held.Legs != stream.Legs)
                {
                    _held[stream.Name] = held with { Legs = stream.Legs };
                    feed.Update(stream);
                    moved.Add(stream.Name);
                }
            }

            gone.ForEach(Drop);
            return new StreamDifference(added, gone, _held.Count - added.Count - moved.Count, refused) { Moved = moved };
        }
    }

    private void Subscribe(FeedStream stream, List<string> added, List<string> refused)
    {
        try
        {
            _held.Add(stream.Name, new Held(feed.Subscribe(stream), stream.Legs));
            added.Add(stream.Name);
        }
        catch (Exception error)
        {
            // One stream that is refused costs no other; it is wished for again with the next change.
            catalog.Remove(stream.Name);
            refused.Add($"{stream.Name}: {error.Message}");
        }
    }

    private void Drop(string name)
    {
        _held.Remove(name, out var held);
        catalog.Remove(name);
        held.Reference.Dispose();
    }

    private readonly record struct Held(IDisposable Reference, int? Legs);
}
