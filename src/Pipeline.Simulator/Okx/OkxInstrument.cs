using System.Text;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Okx;

/// <summary>A spot pair or a perpetual swap, its channels and what was published of it. Changed by the publisher alone.</summary>
internal sealed class OkxInstrument
{
    // A contract of a dear coin stands for a hundredth of it.
    private const long DearPrice = 1000 * FixedPoint.One;
    private const long ContractsPerDearCoin = 100;

    private readonly OkxChannel?[] _candles = new OkxChannel?[KlineKey.All.Count];
    private readonly List<OkxChannel> _channels = [];
    private long _sequenceOffset;

    public OkxInstrument(SymbolEngine engine)
    {
        Engine = engine;
        Spec = engine.Spec;
        Id = Encoding.UTF8.GetBytes(Spec.Symbol);
        ContractsPerCoin = Spec.IsPerpetual && Spec.Price >= DearPrice ? ContractsPerDearCoin : 1;
        Tickers = Make("tickers", hasState: true);
        Trades = Make("trades");
        AllTrades = Make("trades-all", business: true);
        BestLevels = Make("bbo-tbt", hasState: true);
        TopBook = Make("books5", hasState: true);
        Book = Make("books", hasState: true);
        if (Spec.IsPerpetual)
        {
            MarkPrice = Make("mark-price", hasState: true);
            FundingRate = Make("funding-rate", hasState: true);
            OpenInterestChannel = Make("open-interest", hasState: true);
        }
        else
        {
            IndexTicker = Make("index-tickers", hasState: true);
        }

        foreach (var (name, series) in OkxBars.Series)
        {
            _candles[series] = Make("candle" + name, business: true);
        }

        Sequence = engine.Book.LastUpdateId;
    }

    public SymbolEngine Engine { get; }

    public SymbolSpec Spec { get; }

    /// <summary>The venue's spelling, UTF-8.</summary>
    public byte[] Id { get; }

    /// <summary>Of a swap the pair it follows, such as <c>BTC-USDT</c>.</summary>
    public string Family => Spec.IsPerpetual ? Spec.Symbol[..^OkxDialect.SwapSuffix.Length] : Spec.Symbol;

    /// <summary>Contracts that stand for one coin; 1 on spot, where sizes are coins.</summary>
    public long ContractsPerCoin { get; }

    /// <summary>Coins a contract stands for, in units of <see cref="FixedPoint"/>.</summary>
    public long ContractValue => FixedPoint.One / ContractsPerCoin;

    public OkxChannel Tickers { get; }

    public OkxChannel Trades { get; }

    public OkxChannel AllTrades { get; }

    public OkxChannel BestLevels { get; }

    public OkxChannel TopBook { get; }

    public OkxChannel Book { get; }

    /// <summary>Null on spot, as the next two.</summary>
    public OkxChannel? MarkPrice { get; }

    public OkxChannel? FundingRate { get; }

    public OkxChannel? OpenInterestChannel { get; }

    /// <summary>Null on swaps.</summary>
    public OkxChannel? IndexTicker { get; }

    public IReadOnlyList<OkxChannel> Channels => _channels;

    /// <summary>The spot pair a swap follows, the swap of a pair.</summary>
    public OkxInstrument? Sibling { get; set; }

    public BookView BookView { get; } = new(OkxLimits.BookDepth);

    public BookView TopView { get; } = new(5);

    public BookView BestView { get; } = new(1);

    /// <summary>Sequence id of the newest push of the book.</summary>
    public long Sequence { get; set; }

    /// <summary>The next push of the book starts a new sequence.</summary>
    public bool SequenceIsReset { get; set; }

    /// <summary>Intervals of 100 ms so far, and at which some things were pushed last.</summary>
    public long Intervals { get; set; }

    public long BookPushedAt { get; set; }

    public long TopPushedAt { get; set; }

    public long BestPushedAt { get; set; }

    public long ReferencePushedAt { get; set; }

    public long LastReference { get; set; }

    public bool BestIsDirty { get; set; } = true;

    public bool TickerIsDirty { get; set; } = true;

    /// <summary>Coins in open positions.</summary>
    public Int128 OpenInterest { get; set; } = 10_000 * (Int128)FixedPoint.One;

    /// <summary>A swap's mark price; of a spot pair the price of the index that bears its name and that its swap follows.</summary>
    public long ReferencePrice => Engine.Perpetual?.MarkPrice ?? Sibling?.Engine.Perpetual?.IndexPrice ?? Engine.LastPrice;

    /// <summary>Null for bars the venue does not have.</summary>
    /// <param name="series">Index into <see cref="KlineKey.All"/>.</param>
    public OkxChannel? Candle(int series) => _candles[series];

    /// <summary>Sequence id of a book's update id.</summary>
    public long SequenceOf(long updateId) => updateId - _sequenceOffset;

    /// <summary>As after a maintenance: the ids start again, near zero.</summary>
    public void ResetSequence()
    {
        _sequenceOffset = Engine.Book.LastUpdateId - 1;
        SequenceIsReset = true;
    }

    private OkxChannel Make(string name, bool business = false, bool hasState = false)
    {
        var channel = new OkxChannel(new OkxArg(name, "instId", Spec.Symbol), business, hasState);
        _channels.Add(channel);
        return channel;
    }
}
