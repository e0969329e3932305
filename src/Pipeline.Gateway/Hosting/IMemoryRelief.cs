namespace Pipeline.Gateway.Hosting;

/// <summary>What can be done about too much memory. None of it waits.</summary>
internal interface IMemoryRelief
{
    /// <summary>Writes out what waits for clients, as far as they take it.</summary>
    void Flush();

    /// <summary>Gives unused memory back to the system.</summary>
    void Collect();

    /// <summary>Lets clients go, those for whom most waits first, until so many waiting bytes are freed.</summary>
    (int Clients, long Bytes) Shed(long bytes);
}
