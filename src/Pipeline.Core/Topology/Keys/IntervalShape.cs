using System.Text.Json.Nodes;
using Pipeline.Core.Market;

namespace Pipeline.Core.Topology.Keys;

/// <summary>A candle interval, in any spelling <see cref="CandleInterval.TryParse"/> knows.</summary>
internal sealed class IntervalShape(IReadOnlyList<CandleInterval> allowed, string owner = "") : ScalarShape<CandleInterval>
{
    private readonly string[] _names = [.. allowed.Select(interval => interval.Name)];

    public override string Summary => "an interval: " + string.Join(' ', _names);

    protected override Reading<CandleInterval> Parse(string text)
    {
        if (!CandleInterval.TryParse(text, out var interval))
        {
            return Reading<CandleInterval>.Fail($"unknown interval {Spelling.Quote(text)}", Spelling.Suggest(text, _names));
        }

        return allowed.Contains(interval)
            ? interval
            : Reading<CandleInterval>.Fail($"{owner} has no candles of {interval}", $"choose one of {string.Join(", ", _names)}");
    }

    // Other spellings are accepted, so that an editor must not underline them: a bare number is TradingView's code for minutes.
    protected override JsonObject Describe() => new()
    {
        ["anyOf"] = new JsonArray(
            new JsonObject { ["enum"] = new JsonArray([.. _names.Select(name => (JsonNode)name)]) },
            new JsonObject
            {
                ["type"] = new JsonArray("integer", "string"),
                ["pattern"] = "^([smhdw]?[0-9]{1,3}|[0-9]{1,2}[smhdwSHDW](utc)?|[DW])$",
            }),
    };

    protected override JsonNode Write(CandleInterval value) => value.Name;
}
