using System.Text.Json;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;

namespace Pipeline.Venues.Okx;

/// <summary>Rows of a frame with their fields in any order. The reader always ends behind the row, whatever the row was.</summary>
internal static class OkxRowReader
{
    /// <summary>Reads the object at which the reader stands; levels go to the batch at once.</summary>
    public static OkxFields ReadObject(ref Utf8JsonReader json, SymbolTable symbols, VenueBatch into)
    {
        var fields = OkxFields.From(into.Levels.Count);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var field = json.ValueIsEscaped ? OkxField.Other : OkxFieldNames.Find(json.ValueSpan);
            json.Read();
            ReadField(ref json, field, symbols, into, ref fields);
        }

        return fields;
    }

    /// <summary>Reads the candle at which the reader stands: time, open, high, low, close, volume, two turnovers, whether it is closed.</summary>
    public static string? AddCandle(ref Utf8JsonReader json, int symbol, CandleInterval interval, VenueBatch into)
    {
        long? openTime = null;
        Number? open = null, high = null, low = null, close = null;
        WideNumber? volume = null, quoteVolume = null;
        bool? closed = null;
        var isWrong = false;
        var depth = json.CurrentDepth;
        for (var member = 0; json.Read() && json.CurrentDepth > depth; member++)
        {
            switch (member)
            {
                case 0:
                    openTime = OkxValues.ReadInteger(ref json, ref isWrong);
                    break;
                case 1:
                    open = OkxValues.ReadNumber(ref json, ref isWrong);
                    break;
                case 2:
                    high = OkxValues.ReadNumber(ref json, ref isWrong);
                    break;
                case 3:
                    low = OkxValues.ReadNumber(ref json, ref isWrong);
                    break;
                case 4:
                    close = OkxValues.ReadNumber(ref json, ref isWrong);
                    break;
                case 5:
                    volume = OkxValues.ReadTotal(ref json, ref isWrong);
                    break;
                case 7:
                    quoteVolume = OkxValues.ReadTotal(ref json, ref isWrong);
                    break;
                case 8 when json.TokenType == JsonTokenType.String && json.ValueSpan.Length == 1 && json.ValueSpan[0] is (byte)'0' or (byte)'1':
                    closed = json.ValueSpan[0] == (byte)'1';
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        if (isWrong || openTime is null || open is null || high is null || low is null || close is null
            || volume is null || quoteVolume is null || closed is null)
        {
            return DeadLetterReason.WrongShape;
        }

        return symbol < 0 ? DeadLetterReason.UnknownSymbol : OkxRows.AddCandle(
            symbol, interval, openTime.Value, open.Value, high.Value, low.Value, close.Value, volume.Value, quoteVolume.Value, closed.Value, into);
    }

    private static void ReadField(ref Utf8JsonReader json, OkxField field, SymbolTable symbols, VenueBatch into, ref OkxFields fields)
    {
        switch (field)
        {
            case OkxField.InstrumentId when json.TokenType == JsonTokenType.String:
                fields.HasSymbol = true;
                fields.Symbol = OkxValues.ReadSymbol(ref json, symbols);
                break;
            case OkxField.InstrumentType when json.TokenType == JsonTokenType.String:
                fields.IsSpot = json.ValueSpan.SequenceEqual("SPOT"u8);
                break;
            case OkxField.TradeId:
                fields.TradeId = OkxValues.ReadInteger(ref json, ref fields.IsWrong);
                break;
            case OkxField.Price or OkxField.BankruptcyPrice or OkxField.MarkPrice:
                fields.Price = OkxValues.ReadNumber(ref json, ref fields.IsWrong);
                break;
            case OkxField.Quantity:
                fields.Quantity = OkxValues.ReadNumber(ref json, ref fields.IsWrong);
                break;
            case OkxField.Side:
                fields.Side = OkxValues.ReadSide(ref json, ref fields.IsWrong);
                break;
            case OkxField.Time:
                fields.Time = OkxValues.ReadInteger(ref json, ref fields.IsWrong);
                break;
            case OkxField.Count:
                fields.Count = OkxValues.ReadInteger(ref json, ref fields.IsWrong);
                break;
            case OkxField.SequenceId:
                fields.SequenceId = OkxValues.ReadSequenceId(ref json, ref fields.IsWrong);
                break;
            case OkxField.PreviousSequenceId:
                fields.PreviousSequenceId = OkxValues.ReadSequenceId(ref json, ref fields.IsWrong);
                break;
            case OkxField.Bids or OkxField.Asks when json.TokenType == JsonTokenType.StartArray:
                ReadSide(ref json, field == OkxField.Bids, into, ref fields);
                break;
            case OkxField.Details when json.TokenType == JsonTokenType.StartArray:
                fields.DetailsAt = (int)json.TokenStartIndex;
                json.Skip();
                break;
            case OkxField.FundingRate:
                fields.FundingRate = OkxValues.ReadNumber(ref json, ref fields.IsWrong);
                break;
            case OkxField.FundingTime:
                fields.FundingTime = OkxValues.ReadInteger(ref json, ref fields.IsWrong);
                break;
            default:
                ReadTickerField(ref json, field, ref fields);
                break;
        }
    }

    private static void ReadTickerField(ref Utf8JsonReader json, OkxField field, ref OkxFields fields)
    {
        switch (field)
        {
            case OkxField.Last:
                fields.Last = OkxValues.ReadNumber(ref json, ref fields.IsWrong);
                break;
            case OkxField.LastQuantity:
                fields.LastQuantity = OkxValues.ReadNumber(ref json, ref fields.IsWrong);
                break;
            case OkxField.AskPrice:
                fields.Ask = OkxValues.ReadNumber(ref json, ref fields.IsWrong);
                break;
            case OkxField.AskQuantity:
                fields.AskQuantity = OkxValues.ReadNumber(ref json, ref fields.IsWrong);
                break;
            case OkxField.BidPrice:
                fields.Bid = OkxValues.ReadNumber(ref json, ref fields.IsWrong);
                break;
            case OkxField.BidQuantity:
                fields.BidQuantity = OkxValues.ReadNumber(ref json, ref fields.IsWrong);
                break;
            case OkxField.Open:
                fields.Open = OkxValues.ReadNumber(ref json, ref fields.IsWrong);
                break;
            case OkxField.High:
                fields.High = OkxValues.ReadNumber(ref json, ref fields.IsWrong);
                break;
            case OkxField.Low:
                fields.Low = OkxValues.ReadNumber(ref json, ref fields.IsWrong);
                break;
            case OkxField.Volume:
                fields.Volume = OkxValues.ReadTotal(ref json, ref fields.IsWrong);
                break;
            case OkxField.CurrencyVolume:
                fields.CurrencyVolume = OkxValues.ReadTotal(ref json, ref fields.IsWrong);
                break;
            default:
                // A field we know that has another type: levels that are no array, an instrument that is no text.
                fields.IsWrong |= field != OkxField.Other;
                json.Skip();
                break;
        }
    }

    /// <summary>One side of a book; naming a side twice is no shape that could be told apart.</summary>
    private static void ReadSide(ref Utf8JsonReader json, bool isBids, VenueBatch into, ref OkxFields fields)
    {
        var count = OkxLevels.Read(ref json, into.Levels);
        fields.IsWrong |= count < 0 || (isBids ? fields.Bids : fields.Asks) >= 0;
        if (isBids)
        {
            fields.Bids = count;
        }
        else
        {
            fields.Asks = count;
            fields.AsksFirst = fields.Bids < 0;
        }
    }
}
