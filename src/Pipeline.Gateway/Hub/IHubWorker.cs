namespace Pipeline.Gateway.Hub;

/// <summary>Something that lives on the hub's thread and has work of its own there: who subscribes to what. Added once, at start.</summary>
internal interface IHubWorker
{
    /// <summary>After every turn of records and commands: a bounded piece of what is left to do.</summary>
    HubWork OnTurn(HubView view);

    /// <summary>Several times a second: deadlines.</summary>
    void OnTick(HubView view);

    /// <summary>A stream appears; it has no record yet.</summary>
    void OnAppeared(HubView view, Streams.MarketStream stream);

    /// <summary>Instruments came or changed since the last turn.</summary>
    void OnInstruments(HubView view);

    /// <summary>Another log than before has been read to its end; nothing of it has been published yet.</summary>
    void OnNewLog(HubView view);
}
