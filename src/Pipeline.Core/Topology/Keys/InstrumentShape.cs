using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Pipeline.Core.Market;
using Pipeline.Core.Topology.Yaml;

namespace Pipeline.Core.Topology.Keys;

/// <summary>An instrument by name, several by a pattern, <c>{top: 50, quote: USDT}</c>, or <c>{name: BTC-USDT, legs: 2}</c>.</summary>
/// <param name="isOfTokens">True where instruments are tokens, which have a mint address and no other name.</param>
internal sealed class InstrumentShape(bool isOfTokens) : TypedShape<InstrumentChoice>
{
    private const string LegsMeaning = "Connections side by side that carry their streams. Left out: as many as legs of the venue says.";

    private readonly InstrumentNameShape _name = new(isOfTokens);
    private readonly Section<InstrumentChoice>? _leading = isOfTokens ? null : MakeLeading();
    private readonly Section<InstrumentChoice>? _named = isOfTokens ? null : MakeNamed();

    public override string Summary => isOfTokens ? _name.Summary : $"{_name.Summary}, or {{top: 50, quote: USDT, kind: spot, legs: 2}}, or {{name: BTC-USDT, legs: 2}}";

    public override bool TryRead(ReadScope scope, Node node, string key, [MaybeNullWhen(false)] out InstrumentChoice value) =>
        node is MappingNode mapping && !isOfTokens
            ? (mapping.Entries.Any(entry => entry.Key == "name") ? _named : _leading)!.TryRead(scope, node, key, out value)
            : _name.TryRead(scope, node, key, out value);

    public override JsonObject ToSchema() =>
        _leading is null ? _name.ToSchema() : new JsonObject { ["anyOf"] = new JsonArray(_name.ToSchema(), _leading.ToSchema(), _named!.ToSchema()) };

    protected override JsonNode Write(InstrumentChoice value) => value.ToString();

    private static Section<InstrumentChoice> MakeLeading() =>
        new Section<InstrumentChoice>(() => new InstrumentChoice())
            .Required("top", new IntegerShape(1, 5000), (o, v) => o with { Top = v }, "How many, by turnover of the last 24 hours.")
            .Key("quote", new TextShape("a currency", "^[^\\s/:*.-]{1,30}$", "write it like USDT"), _ => null,
                (o, v) => o with { Quote = v }, "Only those paid in this currency.")
            .Key("kind", new ChoiceShape<InstrumentKind>("kind", [("spot", InstrumentKind.Spot), ("perpetual", InstrumentKind.Perpetual)]),
                _ => null, (o, v) => o with { Kind = v }, "Only those of this kind.")
            .Key("legs", Legs(), _ => null, (o, v) => o with { Legs = v }, LegsMeaning);

    private static Section<InstrumentChoice> MakeNamed() =>
        new Section<InstrumentChoice>(() => new InstrumentChoice())
            .Required("name", new InstrumentNameShape(isOfTokens: false), (o, v) => o with { Name = v.Name },
                "An instrument in any spelling, * for any characters.")
            .Key("legs", Legs(), _ => null, (o, v) => o with { Legs = v }, LegsMeaning);

    private static IntegerShape Legs() => new(1, 2);
}
