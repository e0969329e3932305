using System.Diagnostics.Metrics;

namespace Pipeline.Core.Diagnostics;

/// <summary>All counters of a meter, in the order they were made; complete before anybody counts.</summary>
internal sealed class CounterSet(Meter meter)
{
    private readonly List<TaggedCounter> _all = [];

    public IReadOnlyList<TaggedCounter> All => _all;

    /// <inheritdoc cref="TaggedCounter(Meter, string, string, string, string, string, bool)"/>
    public TaggedCounter Add(string name, string unit, string description, string tagName = "", string detailName = "", bool goesDown = false)
    {
        var counter = new TaggedCounter(meter, name, unit, description, tagName, detailName, goesDown);
        _all.Add(counter);
        return counter;
    }
}
