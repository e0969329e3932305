using System.Text.Json;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.Venues.Scanning;

namespace Pipeline.Venues.Binance;

/// <summary>The <c>o</c> object of a forced order, in any order of fields. The venue tells at most one per symbol and second.</summary>
internal static class BinanceLiquidationReader
{
    public static string? Add(ReadOnlySpan<byte> payload, in BinanceFields outer, SymbolTable symbols, VenueBatch into)
    {
        if (outer.OrderAt < 0)
        {
            return DeadLetterReason.WrongShape;
        }

        var reader = new Utf8JsonReader(payload[outer.OrderAt..], isFinalBlock: false, state: default);
        reader.Read();
        var order = new Fields { Symbol = -1 };
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = BinanceFieldReader.NameOf(ref reader);
            reader.Read();
            Read(ref reader, name, symbols, ref order);
        }

        return Add(order, into);
    }

    private static void Read(ref Utf8JsonReader reader, int name, SymbolTable symbols, ref Fields order)
    {
        switch (name)
        {
            case 's' when reader.TokenType == JsonTokenType.String:
                order.HasSymbol = true;
                order.Symbol = BinanceFieldReader.FindSymbol(ref reader, symbols);
                break;
            case 'S' when reader.TokenType == JsonTokenType.String:
                order.Side = reader.ValueTextEquals("BUY"u8) ? AggressorSide.Buy
                    : reader.ValueTextEquals("SELL"u8) ? AggressorSide.Sell
                    : AggressorSide.Unknown;
                break;
            case 'p':
                order.Price = BinanceFieldReader.ReadNumber(ref reader);
                break;
            case 'q':
                order.Quantity = BinanceFieldReader.ReadNumber(ref reader);
                break;
            case 'T':
                order.Time = BinanceFieldReader.ReadInteger(ref reader);
                break;
            case BinanceFieldReader.Ap:
                order.AveragePrice = BinanceFieldReader.ReadNumber(ref reader);
                break;
            default:
                reader.TrySkip();
                break;
        }
    }

    private static string? Add(in Fields order, VenueBatch into)
    {
        if (order is not { HasSymbol: true, Side: { } side, Price: { } price, Quantity: { } quantity, Time: { } time })
        {
            return DeadLetterReason.WrongShape;
        }

        if (order.Symbol < 0)
        {
            return DeadLetterReason.UnknownSymbol;
        }

        if (side == AggressorSide.Unknown || !price.IsPositive || !quantity.IsPositive || !UnixMilliseconds.IsPossible(time) || order.AveragePrice is { Mantissa: < 0 })
        {
            return DeadLetterReason.ImpossibleValue;
        }

        // An average of zero: nothing was filled yet.
        into.Add(new VenueLiquidation(order.Symbol, side, price, order.AveragePrice is { IsPositive: true } ? order.AveragePrice : null, quantity, time));
        return null;
    }

    private struct Fields
    {
        public int Symbol;
        public bool HasSymbol;
        public AggressorSide? Side;
        public Number? Price;
        public Number? AveragePrice;
        public Number? Quantity;
        public long? Time;
    }
}
