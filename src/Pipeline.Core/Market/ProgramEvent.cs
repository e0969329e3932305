namespace Pipeline.Core.Market;

/// <summary>Events of the on-chain program, as its stream names them.</summary>
public enum ProgramEvent : byte
{
    BuySellEvent,
    LongShortEvent,
    FullCloseEvent,
    PartialCloseEvent,
}
