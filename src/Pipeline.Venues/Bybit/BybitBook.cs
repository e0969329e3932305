namespace Pipeline.Venues.Bybit;

/// <summary>The data of a book message as found; its levels lie in the batch, bids first.</summary>
internal struct BybitBook
{
    public long? UpdateId;
    public int FirstLevel;
    public int Bids;
    public int Asks;
}
