using Pipeline.Core.Market;
using Pipeline.Gateway.Candles;

namespace Pipeline.Gateway.Udf;

/// <summary>Instruments as the UDF protocol describes them.</summary>
internal static class UdfSymbols
{
    // Where the venue names no step: on-chain prices are small, and a chart rounds to what it is told.
    private const int UnknownScale = 10;

    // Above, JavaScript does not know a scale exactly.
    private const int MaxScale = 15;
    private const int UnknownVolumePrecision = 8;

    public static string TickerOf(InstrumentInfo info) => $"{info.Venue}:{info.Id}";

    public static string ExchangeOf(InstrumentInfo info) => InstrumentNames.ExchangeOf(info.Venue);

    /// <summary>Without the exchange: <c>BTCUSDT</c>, <c>BTCUSDT.P</c>.</summary>
    public static string NameOf(InstrumentInfo info) => info.Kind switch
    {
        InstrumentKind.Token => info.Id,
        InstrumentKind.Perpetual => $"{info.Base}{info.Quote}.P",
        _ => $"{info.Base}{info.Quote}",
    };

    public static string FullNameOf(InstrumentInfo info) => $"{ExchangeOf(info)}:{NameOf(info)}";

    public static string DescriptionOf(InstrumentInfo info) => info.Kind switch
    {
        InstrumentKind.Token => info.Id,
        InstrumentKind.Perpetual => $"{info.Base} / {info.Quote} perpetual, {info.Venue}",
        _ => $"{info.Base} / {info.Quote}, {info.Venue}",
    };

    public static string TypeOf(InstrumentInfo info) => info.Kind switch
    {
        InstrumentKind.Token => "token",
        InstrumentKind.Perpetual => "perpetual",
        _ => "spot",
    };

    /// <summary>Smallest price change as a number of the smallest decimals: 0.05 is 5 of 1/100.</summary>
    public static (long Movement, long Scale) PriceStepOf(InstrumentInfo info)
    {
        if (info.PriceStep is not { IsPositive: true } step)
        {
            return (1, Power(UnknownScale));
        }

        return step.Scale > MaxScale ? (1, Power(MaxScale)) : (step.Mantissa, Power(step.Scale));
    }

    public static int VolumePrecisionOf(InstrumentInfo info) => info.QuantityStep is { IsPositive: true } step ? Math.Min((int)step.Scale, MaxScale) : UnknownVolumePrecision;

    /// <summary>The answer to a symbol's name.</summary>
    public static void WriteInfo(JsonBuffer json, InstrumentInfo info)
    {
        var (movement, scale) = PriceStepOf(info);
        json.Raw("{\"name\":"u8).Text(NameOf(info))
            .Raw(",\"full_name\":"u8).Text(FullNameOf(info))
            .Raw(",\"ticker\":"u8).Text(TickerOf(info))
            .Raw(",\"description\":"u8).Text(DescriptionOf(info))
            .Raw(",\"type\":"u8).Text(TypeOf(info))
            .Raw(",\"exchange\":"u8).Text(ExchangeOf(info))
            .Raw(",\"listed_exchange\":"u8).Text(ExchangeOf(info))
            .Raw(",\"session\":\"24x7\",\"timezone\":\"Etc/UTC\",\"format\":\"price\",\"minmov\":"u8).Integer(movement)
            .Raw(",\"minmov2\":0,\"pricescale\":"u8).Integer(scale)
            .Raw(",\"volume_precision\":"u8).Integer(VolumePrecisionOf(info))
            .Raw(",\"has_intraday\":true,\"has_seconds\":true,\"has_daily\":true,\"has_weekly_and_monthly\":true,\"has_empty_bars\":false"u8)
            .Raw(",\"seconds_multipliers\":"u8).Texts(UdfResolutions.Seconds)
            .Raw(",\"intraday_multipliers\":"u8).Texts(UdfResolutions.Minutes)
            .Raw(",\"daily_multipliers\":[\"1\"],\"weekly_multipliers\":[\"1\"],\"monthly_multipliers\":[],\"supported_resolutions\":"u8).Texts(UdfResolutions.All)
            .Raw(",\"visible_plots_set\":\"ohlcv\",\"data_status\":\"streaming\",\"expired\":"u8).Flag(info.Status == InstrumentStatus.Delisted);
        if (info.Quote.Length > 0)
        {
            json.Raw(",\"currency_code\":"u8).Text(info.Quote);
        }

        json.Raw((byte)'}');
    }

    /// <summary>The answer to a group: a table. A column that is the same for all has one value, be that a list.</summary>
    public static void WriteGroup(JsonBuffer json, IReadOnlyList<InstrumentInfo> group) => json
        .Raw("{\"symbol\":"u8).Texts([.. group.Select(NameOf)])
        .Raw(",\"ticker\":"u8).Texts([.. group.Select(TickerOf)])
        .Raw(",\"description\":"u8).Texts([.. group.Select(DescriptionOf)])
        .Raw(",\"type\":"u8).Texts([.. group.Select(TypeOf)])
        .Raw(",\"exchange-listed\":"u8).Texts([.. group.Select(ExchangeOf)])
        .Raw(",\"exchange-traded\":"u8).Texts([.. group.Select(ExchangeOf)])
        .Raw(",\"minmovement\":"u8).Integers(group.Select(one => PriceStepOf(one).Movement))
        .Raw(",\"pricescale\":"u8).Integers(group.Select(one => PriceStepOf(one).Scale))
        .Raw(",\"volume-precision\":"u8).Integers(group.Select(one => (long)VolumePrecisionOf(one)))
        .Raw(",\"minmovement2\":0,\"timezone\":\"Etc/UTC\",\"session-regular\":\"24x7\",\"has-intraday\":true,\"has-seconds\":true,\"has-daily\":true"u8)
        .Raw(",\"has-weekly-and-monthly\":true,\"seconds-multipliers\":"u8).Texts(UdfResolutions.Seconds)
        .Raw(",\"intraday-multipliers\":"u8).Texts(UdfResolutions.Minutes)
        .Raw(",\"supported-resolutions\":"u8).Texts(UdfResolutions.All).Raw((byte)'}');

    /// <summary>One row of a search.</summary>
    public static void WriteResult(JsonBuffer json, InstrumentInfo info) => json
        .Raw("{\"symbol\":"u8).Text(NameOf(info))
        .Raw(",\"full_name\":"u8).Text(FullNameOf(info))
        .Raw(",\"description\":"u8).Text(DescriptionOf(info))
        .Raw(",\"exchange\":"u8).Text(ExchangeOf(info))
        .Raw(",\"ticker\":"u8).Text(TickerOf(info))
        .Raw(",\"type\":"u8).Text(TypeOf(info)).Raw((byte)'}');

    private static long Power(int exponent)
    {
        var power = 1L;
        for (var i = 0; i < exponent; i++)
        {
            power *= 10;
        }

        return power;
    }
}
