using System.Collections.Concurrent;

namespace Pipeline.Host.Collecting;

/// <summary>What runs of each venue, by name; may be read at any time and from any thread.</summary>
internal sealed class IntakeTable<T>
    where T : class
{
    private readonly ConcurrentDictionary<string, T> _intakes = new(StringComparer.Ordinal);

    public IEnumerable<T> All => _intakes.Values;

    public T? Find(string venue) => _intakes.GetValueOrDefault(venue);

    public T Add(string venue, T intake) => _intakes[venue] = intake;

    /// <summary>Takes a venue out, and stops it.</summary>
    /// <param name="stop">Completes when it has stopped, and joins no more.</param>
    public async Task RemoveAsync(string venue, Func<Task> stop)
    {
        _intakes.TryRemove(venue, out _);
        await stop();

        // One that was joining has joined meanwhile, and was stopped like the others.
        _intakes.TryRemove(venue, out _);
    }
}
