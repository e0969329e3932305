using System.Diagnostics.CodeAnalysis;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Okx;

/// <summary>All instruments and channels.</summary>
internal sealed class OkxDirectory
{
    public static readonly string[] InstrumentTypes = ["SPOT", "MARGIN", "SWAP", "FUTURES", "OPTION"];

    private static readonly HashSet<string> NeedsTier = new(StringComparer.Ordinal) { "books-l2-tbt", "books50-l2-tbt" };

    private readonly OkxInstrument[] _instruments;
    private readonly Dictionary<string, OkxInstrument> _byId;
    private readonly Dictionary<OkxArg, OkxChannel> _channels;

    public OkxDirectory(IEnumerable<SymbolEngine> engines)
    {
        _instruments = [.. engines.Select(engine => new OkxInstrument(engine))];
        _byId = _instruments.ToDictionary(instrument => instrument.Spec.Symbol, StringComparer.Ordinal);
        foreach (var instrument in _instruments)
        {
            var other = instrument.Spec.IsPerpetual ? instrument.Family : instrument.Spec.Symbol + OkxDialect.SwapSuffix;
            instrument.Sibling = _byId.GetValueOrDefault(other);
        }

        Liquidations = new OkxChannel(new OkxArg("liquidation-orders", "instType", "SWAP"));
        var silent = InstrumentTypes.Select(type => new OkxChannel(new OkxArg("instruments", "instType", type)))
            .Append(new OkxChannel(new OkxArg("status", "", "")));
        _channels = _instruments.SelectMany(instrument => instrument.Channels).Append(Liquidations).Concat(silent)
            .ToDictionary(channel => channel.Arg);
    }

    /// <summary>Liquidated positions of all swaps.</summary>
    public OkxChannel Liquidations { get; }

    public IReadOnlyList<OkxInstrument> Instruments => _instruments;

    public OkxInstrument Of(SymbolEngine engine) => _instruments[engine.Spec.Index];

    public bool TryFind(string id, [NotNullWhen(true)] out OkxInstrument? instrument) => _byId.TryGetValue(id, out instrument);

    /// <summary>The channel that an endpoint has under a name; null and the venue's error when there is none.</summary>
    public OkxChannel? Find(OkxArg arg, OkxEndpoint endpoint, out OkxError? error)
    {
        var channel = endpoint == OkxEndpoint.Private ? null : _channels.GetValueOrDefault(arg);
        error = endpoint == OkxEndpoint.Private ? OkxError.LoginNeeded
            : NeedsTier.Contains(arg.Channel) && _byId.ContainsKey(arg.Value) ? OkxError.TierTooLow
            : channel is null ? OkxError.NotFound(arg)
            : channel.IsBusiness && endpoint == OkxEndpoint.Public ? OkxError.UseBusiness
            : !channel.IsBusiness && endpoint == OkxEndpoint.Business ? OkxError.NotOnBusiness
            : null;
        return error is null ? channel : null;
    }
}
