using Pipeline.Core.Market;

namespace Pipeline.Kafka.Records;

internal sealed partial class RecordWriter
{
    private const int MaxMark = 128 + (2 * Utf8Writer.MaxInteger) + (2 * Number.MaxLength);
    private const int MaxFunding = 128 + (3 * Utf8Writer.MaxInteger) + Number.MaxLength;
    private const int MaxLiquidation = 160 + (2 * Utf8Writer.MaxInteger) + (3 * Number.MaxLength);

    /// <summary>Values of <c>md.marks</c>.</summary>
    public ReadOnlySpan<byte> Write(in MarkPrice mark)
    {
        var prefix = instruments.Of(mark.Instrument).NameAndSymbol;
        var json = new Utf8Writer(Room(prefix.Length + MaxMark));
        json.Raw(prefix);
        json.Raw(",\"mark\":\""u8);
        json.Decimal(mark.Mark);
        json.Raw("\",\"index\":"u8);
        WriteOrNull(ref json, mark.Index);
        WriteTimes(ref json, mark.EventTime, mark.ReceivedTime);
        return json.Written;
    }

    /// <summary>Values of <c>md.funding</c>.</summary>
    public ReadOnlySpan<byte> Write(in FundingRate funding)
    {
        var prefix = instruments.Of(funding.Instrument).NameAndSymbol;
        var json = new Utf8Writer(Room(prefix.Length + MaxFunding));
        json.Raw(prefix);
        json.Raw(",\"rate\":\""u8);
        json.Decimal(funding.Rate);
        json.Raw("\",\"fundingTime\":"u8);
        WriteTimeOrNull(ref json, funding.FundingTime);
        WriteTimes(ref json, funding.EventTime, funding.ReceivedTime);
        return json.Written;
    }

    /// <summary>Values of <c>md.liquidations</c>.</summary>
    public ReadOnlySpan<byte> Write(in Liquidation liquidation)
    {
        var prefix = instruments.Of(liquidation.Instrument).NameAndSymbol;
        var json = new Utf8Writer(Room(prefix.Length + MaxLiquidation));
        json.Raw(prefix);
        json.Raw(",\"side\":\""u8);
        json.Raw(NameOf(liquidation.Side));
        json.Raw("\",\"price\":\""u8);
        json.Decimal(liquidation.Price);
        json.Raw("\",\"averagePrice\":"u8);
        WriteOrNull(ref json, liquidation.AveragePrice);
        json.Raw(",\"quantity\":\""u8);
        json.Decimal(liquidation.Quantity);
        json.Raw("\""u8);
        WriteTimes(ref json, liquidation.EventTime, liquidation.ReceivedTime);
        return json.Written;
    }
}
