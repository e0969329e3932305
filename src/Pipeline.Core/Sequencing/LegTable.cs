using Pipeline.Core.Diagnostics;

namespace Pipeline.Core.Sequencing;

/// <summary>The figures of the legs that a lane has seen.</summary>
internal sealed class LegTable(PipelineMetrics metrics)
{
    private readonly Dictionary<(string Venue, string Connection), LegFigures> _legs = [];
    private LegFigures? _last;

    public LegFigures Of(string venue, string? connection)
    {
        // A batch has one leg: the last one asked for is mostly the one that is wanted.
        if (_last is { } last && ReferenceEquals(last.Connection, connection) && ReferenceEquals(last.Venue, venue))
        {
            return last;
        }

        var key = (venue, connection ?? "");
        if (!_legs.TryGetValue(key, out var leg))
        {
            leg = metrics.AddLeg(key.venue, key.Item2);
            _legs.Add(key, leg);
        }

        return _last = leg;
    }
}
