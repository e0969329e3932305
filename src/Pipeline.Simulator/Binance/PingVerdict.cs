namespace Pipeline.Simulator.Binance;

internal enum PingVerdict
{
    Nothing,
    SendPing,
    TimedOut,
    LifeIsOver,
}
