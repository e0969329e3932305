using System.Text.Json.Nodes;
using Pipeline.Core.Market;

namespace Pipeline.Core.Topology.Keys;

/// <summary>A name in any spelling; with <c>*</c> in it, all that fit.</summary>
internal sealed class InstrumentNameShape(bool isOfTokens) : ScalarShape<InstrumentChoice>
{
    public override string Summary => isOfTokens ? "a mint address, or * for all" : "an instrument in any spelling, * for any characters";

    protected override Reading<InstrumentChoice> Parse(string text)
    {
        if (isOfTokens)
        {
            return text == "*" || InstrumentNames.IsMint(text)
                ? InstrumentChoice.Of(text)
                : Reading<InstrumentChoice>.Fail($"{Spelling.Quote(text)} is not a mint address", "32 to 44 characters of base58, or * for all");
        }

        return InstrumentNames.IsName(text)
            ? InstrumentChoice.Of(text)
            : Reading<InstrumentChoice>.Fail($"{Spelling.Quote(text)} is not an instrument", "write it like BTC-USDT or BTC-USDT-PERP");
    }

    protected override JsonObject Describe() => new()
    {
        ["type"] = "string",
        ["pattern"] = isOfTokens ? "^([1-9A-HJ-NP-Za-km-z]{32,44}|\\*)$" : $"^[^\\s\\\"]{{2,{InstrumentNames.MaxLength}}}$|^\\*$",
    };
}
