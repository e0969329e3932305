using System.Text;
using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Binance.Rest;

/// <summary>A symbol as answers have it.</summary>
internal sealed class RestMarket(SymbolEngine engine)
{
    public SymbolEngine Engine { get; } = engine;

    public SymbolSpec Spec => Engine.Spec;

    public byte[] Symbol { get; } = Encoding.UTF8.GetBytes(engine.Spec.Symbol);

    public NumberFormat Format { get; } = engine.Spec.IsPerpetual ? NumberFormat.Futures(engine.Spec) : NumberFormat.Spot;
}
