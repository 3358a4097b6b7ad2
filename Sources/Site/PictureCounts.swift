import AtlasModel

extension Edition {
    /// The types of some pictures' labels with their numbers of pictures, in the order of the plates; the
    /// unlabelled come last.
    func types(of pictures: [Int]) -> [(type: Int?, count: Int)] {
        let labels = pictures.map { images[$0].label }
        return (plates.map(Optional.some) + [nil]).compactMap { type in
            let count = labels.count { $0 == type }
            return count == 0 ? nil : (type, count)
        }
    }

    /// Whether the prediction of a picture is not its label; false without either.
    func differs(_ picture: Int) -> Bool {
        guard let label = images[picture].label, let prediction = prediction(of: picture) else {
            return false
        }
        return prediction.predicted != label
    }
}
