namespace Pipeline.Host.Doctor;

/// <summary>One thing that <c>pipeline doctor</c> looks at. It changes nothing, and its messages hold no secrets.</summary>
internal interface ICheck
{
    /// <summary>What is looked at, such as <c>binance dns</c>; no two have the same.</summary>
    string Name { get; }

    /// <summary>Checks without which this one would only repeat their fault: it waits for them, and is left out when one failed.</summary>
    IReadOnlyList<ICheck> Needs => [];

    /// <summary>What to do when it has not come to an end in time.</summary>
    string OverdueAdvice => "look whether the machine or the network is overloaded, and try again";

    /// <summary>Looks. What it throws counts as failed.</summary>
    /// <param name="cancellation">Cancelled when its time is over.</param>
    Task<Finding> RunAsync(CancellationToken cancellation);
}
