using System.Text;
using System.Text.Json;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using static Pipeline.Tests.Venues.Fuzz.OracleJson;

namespace Pipeline.Tests.Venues.Fuzz;

/// <summary>Events of the on-chain program: one object each. Integers may come as text.</summary>
internal sealed class SolanaOracle(IReadOnlyList<string> mints) : FuzzOracle(mints)
{
    private static readonly string[] Events = ["BuySellEvent", "LongShortEvent", "FullCloseEvent", "PartialCloseEvent"];

    protected override void ReadRoot(JsonElement root, FuzzReading into)
    {
        var name = Array.IndexOf(Events, Text(Get(root, "event")));
        var symbol = SymbolOf(Text(Get(root, "mint")));
        var signature = Text(Get(root, "signature"));
        if (name < 0 || symbol < 0 || string.IsNullOrEmpty(signature) || Encoding.UTF8.GetByteCount(signature) > 128
            || Decimal(Get(root, "price")) is not { IsPositive: true } price
            || Number(root, "time") is not { } time || !IsTime(time)
            || Number(root, "slot") is not ({ } slot and >= 0)
            || Number(root, "index") is not ({ } index and >= 0 and <= int.MaxValue))
        {
            return;
        }

        into.Records.Add(RecordText.Of(new VenuePriceTick(symbol, (ProgramEvent)name, price, slot, (int)index, 0, 0, time), signature));
    }

    private static long? Number(JsonElement root, string name) => Integer(Get(root, name)) ?? TextInteger(Get(root, name));
}
