namespace Pipeline.Core.Market;

/// <summary>How a venue numbers the trades of one of its streams.</summary>
public enum IdDiscipline : byte
{
    /// <summary>One by one: a missing id is a hole.</summary>
    Contiguous,

    /// <summary>A row stands for the ids <c>FirstId</c> to <c>Id</c>; between rows no id is missing.</summary>
    Ranges,

    /// <summary>Ids tell copies apart and nothing else.</summary>
    Unordered,
}
