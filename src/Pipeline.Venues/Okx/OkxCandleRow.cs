using Pipeline.Core.Market;
using Pipeline.Venues.Scanning;

namespace Pipeline.Venues.Okx;

/// <summary>A candle as OKX sends it, an array; what it belongs to is said elsewhere in the frame.</summary>
internal struct OkxCandleRow
{
    public bool IsRead;
    public long OpenTime;
    public Number Open;
    public Number High;
    public Number Low;
    public Number Close;
    public Number Volume;
    public Number QuoteVolume;
    public bool IsClosed;

    /// <summary>Reads the members behind the opening bracket, and the closing one.</summary>
    public static OkxCandleRow Read(ref FrameScanner scan)
    {
        var row = default(OkxCandleRow);
        row.IsRead = true;
        scan.Literal("\""u8);
        row.OpenTime = scan.Integer();
        scan.Literal("\",\""u8);
        row.Open = scan.Decimal();
        scan.Literal(",\""u8);
        row.High = scan.Decimal();
        scan.Literal(",\""u8);
        row.Low = scan.Decimal();
        scan.Literal(",\""u8);
        row.Close = scan.Decimal();
        scan.Literal(",\""u8);
        row.Volume = scan.Decimal();
        scan.Literal(",\""u8);
        scan.Decimal();
        scan.Literal(",\""u8);
        row.QuoteVolume = scan.Decimal();
        row.IsClosed = scan.TryLiteral(",\"1\"]"u8);
        if (!row.IsClosed)
        {
            scan.Literal(",\"0\"]"u8);
        }

        return row;
    }
}
