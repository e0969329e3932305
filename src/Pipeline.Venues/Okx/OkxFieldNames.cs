namespace Pipeline.Venues.Okx;

/// <summary>From the bytes of names to what they mean. OKX gives a name one meaning in every channel that we read.</summary>
internal static class OkxFieldNames
{
    public static OkxField Find(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 => name.SequenceEqual("px"u8) ? OkxField.Price
            : name.SequenceEqual("sz"u8) ? OkxField.Quantity
            : name.SequenceEqual("ts"u8) ? OkxField.Time
            : OkxField.Other,
        4 => name.SequenceEqual("side"u8) ? OkxField.Side
            : name.SequenceEqual("asks"u8) ? OkxField.Asks
            : name.SequenceEqual("bids"u8) ? OkxField.Bids
            : name.SequenceEqual("last"u8) ? OkxField.Last
            : name.SequenceEqual("bkPx"u8) ? OkxField.BankruptcyPrice
            : OkxField.Other,
        5 => name.SequenceEqual("count"u8) ? OkxField.Count
            : name.SequenceEqual("seqId"u8) ? OkxField.SequenceId
            : name.SequenceEqual("askPx"u8) ? OkxField.AskPrice
            : name.SequenceEqual("askSz"u8) ? OkxField.AskQuantity
            : name.SequenceEqual("bidPx"u8) ? OkxField.BidPrice
            : name.SequenceEqual("bidSz"u8) ? OkxField.BidQuantity
            : OkxField.Other,
        6 => name.SequenceEqual("instId"u8) ? OkxField.InstrumentId
            : name.SequenceEqual("lastSz"u8) ? OkxField.LastQuantity
            : name.SequenceEqual("low24h"u8) ? OkxField.Low
            : name.SequenceEqual("vol24h"u8) ? OkxField.Volume
            : name.SequenceEqual("markPx"u8) ? OkxField.MarkPrice
            : OkxField.Other,
        7 => name.SequenceEqual("tradeId"u8) ? OkxField.TradeId
            : name.SequenceEqual("open24h"u8) ? OkxField.Open
            : name.SequenceEqual("high24h"u8) ? OkxField.High
            : name.SequenceEqual("details"u8) ? OkxField.Details
            : OkxField.Other,
        8 => name.SequenceEqual("instType"u8) ? OkxField.InstrumentType : OkxField.Other,
        9 => name.SequenceEqual("prevSeqId"u8) ? OkxField.PreviousSequenceId
            : name.SequenceEqual("volCcy24h"u8) ? OkxField.CurrencyVolume
            : OkxField.Other,
        11 => name.SequenceEqual("fundingRate"u8) ? OkxField.FundingRate
            : name.SequenceEqual("fundingTime"u8) ? OkxField.FundingTime
            : OkxField.Other,
        _ => OkxField.Other,
    };
}
