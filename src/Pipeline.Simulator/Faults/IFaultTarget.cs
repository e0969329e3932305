namespace Pipeline.Simulator.Faults;

/// <summary>Somebody whom faults may concern. Called without any lock of the board's, from any thread.</summary>
internal interface IFaultTarget
{
    /// <summary>A fault was switched on; <see cref="OnFaultsChanged"/> has been called.</summary>
    void OnFaultBegins(ActiveFault fault);

    /// <summary><see cref="FaultBoard.Active"/> is another list now.</summary>
    void OnFaultsChanged();
}
