namespace Pipeline.Simulator.Binance.Rest;

internal enum RestVerdict
{
    Granted,
    Refused,
    Banned,
}
