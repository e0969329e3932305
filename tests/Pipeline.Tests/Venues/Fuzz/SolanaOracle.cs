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
        var name = Array.IndexOf(Events, Text(Get(root, "event"u8)));
        var symbol = SymbolOf(Text(Get(root, "mint"u8)));
        var signature = Text(Get(root, "signature"u8));
        if (name < 0 || symbol < 0 || string.IsNullOrEmpty(signature) || Encoding.UTF8.GetByteCount(signature) > 128
            || Decimal(Get(root, "price"u8)) is not { IsPositive: true } price
            || Number(root, "time"u8) is not { } time || !IsTime(time)
            || Number(root, "slot"u8) is not ({ } slot and >= 0)
            || Number(root, "index"u8) is not ({ } index and >= 0 and <= int.MaxValue))
        {
            return;
        }

        into.Records.Add(RecordText.Of(new VenuePriceTick(symbol, (ProgramEvent)name, price, slot, (int)index, 0, 0, time), signature));
    }

    private static long? Number(JsonElement root, ReadOnlySpan<byte> name) => Integer(Get(root, name)) ?? TextInteger(Get(root, name));
}
