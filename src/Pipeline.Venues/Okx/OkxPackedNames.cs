using Pipeline.Venues.Scanning;

namespace Pipeline.Venues.Okx;

/// <summary>The members that the keyed reader knows, packed by <see cref="FieldName"/>; a test holds the numbers against the names.</summary>
internal static class OkxPackedNames
{
    public const ulong Arg = 0x0300000000677261;
    public const ulong Data = 0x0400000061746164;
    public const ulong Action = 0x06006E6F69746361;
    public const ulong Channel = 0x076C656E6E616863;
    public const ulong InstId = 0x0600644974736E69;
    public const ulong InstType = 0x0870795474736E69;
    public const ulong TradeId = 0x0764496564617274;
    public const ulong Px = 0x0200000000007870;
    public const ulong Sz = 0x0200000000007A73;
    public const ulong Side = 0x0400000065646973;
    public const ulong Ts = 0x0200000000007374;
    public const ulong Count = 0x050000746E756F63;
    public const ulong Source = 0x0600656372756F73;
    public const ulong SeqId = 0x0500006449716573;
    public const ulong PrevSeqId = 0x0971655376657270;
    public const ulong Asks = 0x04000000736B7361;
    public const ulong Bids = 0x0400000073646962;
    public const ulong Last = 0x040000007473616C;
    public const ulong LastSz = 0x06007A537473616C;
    public const ulong AskPx = 0x05000078506B7361;
    public const ulong AskSz = 0x0500007A536B7361;
    public const ulong BidPx = 0x0500007850646962;
    public const ulong BidSz = 0x0500007A53646962;
    public const ulong Open24h = 0x076834326E65706F;
    public const ulong High24h = 0x0768343268676968;
    public const ulong Low24h = 0x0600683432776F6C;
    public const ulong VolCcy24h = 0x09327963436C6F76;
    public const ulong Vol24h = 0x06006834326C6F76;
    public const ulong MarkPx = 0x060078506B72616D;
}
