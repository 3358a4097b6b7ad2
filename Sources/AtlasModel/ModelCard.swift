/// How a network was made, as far as it is known.
package struct ModelCard: Sendable, Equatable {
    /// The recipe in a sentence; `nil` when the network's file does not contain it.
    package let recipe: String?
    package let seed: UInt64?
    /// Number of threads in training; `nil` when unknown, or when the weights do not depend on it.
    package let threads: Int?
    /// `nil` when the network's file does not contain it.
    package let curve: TrainingCurve?
    /// From input to output; empty when unknown.
    package let layers: [LayerFacts]
    /// The side of the pictures that the network gets, in pixels.
    package let inputSide: Int
    /// The software that made this edition.
    package let versions: [SoftwareVersion]

    package init(
        recipe: String?, seed: UInt64?, threads: Int?, curve: TrainingCurve?,
        layers: [LayerFacts], inputSide: Int = ModelVectors.side, versions: [SoftwareVersion]
    ) {
        self.recipe = recipe
        self.seed = seed
        self.threads = threads
        self.curve = curve
        self.layers = layers
        self.inputSide = inputSide
        self.versions = versions
    }
}

/// How the loss of a network developed during training, epoch by epoch.
package struct TrainingCurve: Sendable, Equatable {
    package struct Epoch: Sendable, Equatable {
        /// From 1.
        package let number: Int
        /// Mean cross-entropy of the training pictures during the epoch, with augmentation.
        package let trainingLoss: Double
        /// `nil` without dev pictures.
        package let devLoss: Double?
        package let devAccuracy: Double?

        package init(number: Int, trainingLoss: Double, devLoss: Double?, devAccuracy: Double?) {
            self.number = number
            self.trainingLoss = trainingLoss
            self.devLoss = devLoss
            self.devAccuracy = devAccuracy
        }
    }

    package let epochs: [Epoch]
    /// Number of the epoch whose weights the network has.
    package let kept: Int

    package init(epochs: [Epoch], kept: Int) {
        self.epochs = epochs
        self.kept = kept
    }
}

/// A layer of a network.
package struct LayerFacts: Sendable, Equatable {
    /// What a layer does to its input, as far as a drawing shows it.
    package enum Role: Sendable, Equatable {
        /// It has weights that combine several values.
        case weighted
        /// It makes the picture smaller.
        case pooling
        /// It only changes values or their arrangement.
        case plain
    }

    /// As in the network's file.
    package let name: String
    /// `Convolution 3 × 3`.
    package let kind: String
    package let role: Role
    /// `[height, width, channels]` or `[units]`.
    package let output: [Int]
    package let parameters: Int

    package init(name: String, kind: String, role: Role, output: [Int], parameters: Int) {
        self.name = name
        self.kind = kind
        self.role = role
        self.output = output
        self.parameters = parameters
    }
}

/// A program or library by its name and version.
package struct SoftwareVersion: Sendable, Equatable {
    package let name: String
    package let version: String

    package init(name: String, version: String) {
        self.name = name
        self.version = version
    }
}

/// A network to compare with others, evaluated on test pictures from groups that it has not seen.
package struct ComparedNetwork: Sendable, Equatable {
    package let name: String
    /// Whether the predictions of this edition come from it.
    package let isUsed: Bool
    /// The test pictures that are predicted as labelled, in clusters of groups.
    package let accuracy: ClusteredProportion
    package let parameters: Int
    /// Number of training epochs; `nil` when its file does not contain it.
    package let epochs: Int?
    /// Seconds of training; `nil` when no record of the run exists.
    package let seconds: Double?

    package init(
        name: String, isUsed: Bool, accuracy: ClusteredProportion, parameters: Int, epochs: Int?,
        seconds: Double?
    ) {
        self.name = name
        self.isUsed = isUsed
        self.accuracy = accuracy
        self.parameters = parameters
        self.epochs = epochs
        self.seconds = seconds
    }
}
